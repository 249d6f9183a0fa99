import java.nio.file.Path;
import java.util.List;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.http.HttpServerTransport;
import org.opensearch.node.Node;
import org.opensearch.transport.Netty4Plugin;

/** Runs OpenSearch in a folder on loopback until its input ends, and says at which port. */
public class OpenSearchMain extends Node {
    OpenSearchMain(Environment environment) {
        super(environment, List.of(Netty4Plugin.class), false);
    }

    public static void main(String[] args) throws Exception {
        Settings settings = Settings.builder().put("path.home", args[0]).put("network.host", "127.0.0.1").put("http.port", "0").put("transport.port", "0")
            .put("discovery.type", "single-node").put("node.name", "one").put("http.type", "netty4").put("transport.type", "netty4").build();
        Node node = new OpenSearchMain(new Environment(settings, Path.of(args[0])));
        node.start();
        System.out.println("ready " + node.injector().getInstance(HttpServerTransport.class).boundAddress().publishAddress().getPort());
        while (System.in.read() >= 0) { }
        node.close();
        System.exit(0);
    }
}
