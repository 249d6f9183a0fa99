import java.util.Properties;
import org.apache.solr.client.solrj.embedded.JettyConfig;
import org.apache.solr.client.solrj.embedded.JettySolrRunner;

/** Runs Solr in a folder on loopback until its input ends, and says at which port. */
public class SolrMain {
    public static void main(String[] args) throws Exception {
        System.setProperty("host", "127.0.0.1");
        JettySolrRunner runner = new JettySolrRunner(args[0], new Properties(), JettyConfig.builder().setPort(0).setContext("/solr").build());
        runner.start();
        System.out.println("ready " + runner.getLocalPort());
        while (System.in.read() >= 0) { }
        runner.stop();
        System.exit(0);
    }
}
