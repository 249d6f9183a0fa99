package weaviate

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"touchstone/engine"
)

// serverVariable names the Weaviate server to test with; "make weaviate-test"
// builds it and sets this.
const serverVariable = "TOUCHSTONE_WEAVIATE_SERVER"

// server is one node of a real Weaviate on loopback.
type server struct {
	t    testing.TB
	name string
	url  string
	grpc string
	env  []string
	args []string
	log  *os.File
	cmd  *exec.Cmd
}

// binary is the server, or the test is skipped.
func binary(t testing.TB) string {
	t.Helper()
	path := os.Getenv(serverVariable)
	if path == "" {
		if cache, err := os.UserCacheDir(); err == nil {
			path = filepath.Join(cache, "touchstone", "bin", "weaviate-server")
		}
	}
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no Weaviate server at %q; \"make weaviate-test\" builds one", path)
	}
	return path
}

// ports finds free ports.
func ports(t testing.TB, n int) []int {
	t.Helper()
	list := make([]int, n)
	for i := range list {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		list[i] = l.Addr().(*net.TCPAddr).Port
	}
	return list
}

// cluster starts n nodes for one test.
func cluster(t testing.TB, n int) []*server {
	t.Helper()
	binary(t)
	nodes := start(t, t.TempDir(), n)
	t.Cleanup(func() {
		for _, s := range nodes {
			s.kill()
		}
	})
	return nodes
}

// start starts n nodes that keep their data in a folder, and waits until they
// answer.
func start(t testing.TB, dir string, n int) []*server {
	t.Helper()
	path := binary(t)
	const each = 7
	p := ports(t, each*n)
	var voters []string
	for i := range n {
		voters = append(voters, fmt.Sprintf("node%d:%d", i+1, p[each*i+4]))
	}
	var nodes []*server
	for i := range n {
		q := p[each*i : each*(i+1)]
		s := &server{t: t, name: fmt.Sprintf("node%d", i+1), url: fmt.Sprintf("http://127.0.0.1:%d", q[0]), grpc: fmt.Sprintf("127.0.0.1:%d", q[1])}
		var err error
		if s.log, err = os.Create(filepath.Join(dir, s.name+".log")); err != nil {
			t.Fatal(err)
		}
		s.env = append(os.Environ(),
			"PERSISTENCE_DATA_PATH="+filepath.Join(dir, s.name), "CLUSTER_HOSTNAME="+s.name, "CLUSTER_ADVERTISE_ADDR=127.0.0.1",
			fmt.Sprint("GRPC_PORT=", q[1]), fmt.Sprint("CLUSTER_GOSSIP_BIND_PORT=", q[2]), fmt.Sprint("CLUSTER_DATA_BIND_PORT=", q[3]),
			fmt.Sprint("RAFT_PORT=", q[4]), fmt.Sprint("RAFT_INTERNAL_RPC_PORT=", q[5]), fmt.Sprint("RAFT_BOOTSTRAP_EXPECT=", n), "RAFT_JOIN="+strings.Join(voters, ","),
			"DISABLE_TELEMETRY=true", "AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED=true", "DEFAULT_VECTORIZER_MODULE=none", "LOG_LEVEL=warning",
			fmt.Sprint("PROFILING_PORT=", q[6]), "QUERY_DEFAULTS_LIMIT=100", "GOMEMLIMIT=2GiB")
		if i > 0 {
			s.env = append(s.env, fmt.Sprintf("CLUSTER_JOIN=127.0.0.1:%d", p[2]))
		}
		s.args = []string{path, "--host", "127.0.0.1", "--port", fmt.Sprint(q[0]), "--scheme", "http"}
		s.start()
		nodes = append(nodes, s)
	}
	for _, s := range nodes {
		s.wait()
	}
	return nodes
}

func (s *server) start() {
	s.t.Helper()
	s.cmd = exec.Command(s.args[0], s.args[1:]...)
	s.cmd.Env, s.cmd.Stdout, s.cmd.Stderr = s.env, s.log, s.log
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
}

// wait waits until the node answers.
func (s *server) wait() {
	s.t.Helper()
	for range 600 {
		res, err := http.Get(s.url + "/v1/.well-known/ready")
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(200 * time.Millisecond)
	}
	said, _ := os.ReadFile(s.log.Name())
	s.t.Fatalf("%s does not answer; it said: %s", s.name, said)
}

// kill is kill -9.
func (s *server) kill() {
	if s.cmd.ProcessState != nil {
		return
	}
	s.cmd.Process.Signal(syscall.SIGKILL)
	s.cmd.Wait()
	s.log.Close()
}

// one is the node that tests share which break nothing.
var one []*server

func TestMain(m *testing.M) {
	code := m.Run()
	for _, s := range one {
		s.kill()
		os.RemoveAll(filepath.Dir(s.log.Name()))
	}
	os.Exit(code)
}

// shared is that node, with a class of the test's own.
func shared(t testing.TB) engine.Remote {
	t.Helper()
	if one == nil {
		binary(t)
		dir, err := os.MkdirTemp("", "touchstone-weaviate-")
		if err != nil {
			t.Fatal(err)
		}
		one = start(t, dir, 1)
	}
	r := remoteOf(one)
	r.Index = strings.ReplaceAll(t.Name(), "/", "_")
	return r
}

// remoteOf is the configuration of a cluster.
func remoteOf(nodes []*server) engine.Remote {
	r := engine.Remote{Name: "test", Kind: engine.Weaviate, Timeout: 30}
	for _, n := range nodes {
		r.URLs = append(r.URLs, n.url)
	}
	return r
}
