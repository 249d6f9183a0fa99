// Package weaviatetest starts real Weaviate servers on loopback, for tests and
// measurements. The server is a program apart, which "make weaviate-test" builds;
// where it is missing, whoever needs it is told so.
//
// It must not know what is kept in the servers.
package weaviatetest

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"touchstone/engine"
)

// variable names the server in the environment. Tests without it skip: they take
// minutes, and "make weaviate-test" sets it.
const variable = "TOUCHSTONE_WEAVIATE_SERVER"

// Binary is the server, or an error that says how to get it.
func Binary() (string, error) {
	path := os.Getenv(variable)
	if path == "" {
		return "", fmt.Errorf("%s names no Weaviate server; \"make weaviate-test\" builds one and runs this", variable)
	}
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("%s: there is no Weaviate server at %s; \"make weaviate-test\" builds one", variable, path)
	}
	return path, nil
}

// Node is one node of a cluster.
type Node struct {
	Name string
	URL  string
	GRPC string // host:port

	log   string // file
	env   []string
	args  []string
	cmd   *exec.Cmd
	ended chan struct{} // closed when the program has ended
}

// ports finds n free ports in a row: nodes on one machine find each other's
// second port behind the first. Another program may take them before they are
// used.
func ports(n int) ([]int, error) {
	var failed error
	for range 100 {
		var list []int
		var held []net.Listener
		at := 0
		for len(list) < n {
			l, err := net.Listen("tcp", fmt.Sprint("127.0.0.1:", at))
			if failed = err; err != nil {
				break
			}
			held = append(held, l)
			at = l.Addr().(*net.TCPAddr).Port
			list = append(list, at)
			at++
		}
		for _, l := range held {
			l.Close()
		}
		if failed == nil {
			return list, nil
		}
	}
	return nil, failed
}

// Start starts n nodes that keep their data below dir, with settings (NAME=value)
// besides those that a cluster needs, and waits until they answer. Kill each of
// them.
func Start(dir string, n int, settings ...string) ([]*Node, error) {
	path, err := Binary()
	if err != nil {
		return nil, err
	}
	const each = 7
	p, err := ports(each * n)
	if err != nil {
		return nil, err
	}
	var voters []string
	for i := range n {
		voters = append(voters, fmt.Sprintf("node%d:%d", i+1, p[each*i+4]))
	}
	var nodes []*Node
	for i := range n {
		q := p[each*i : each*(i+1)]
		s := &Node{Name: fmt.Sprintf("node%d", i+1), URL: fmt.Sprintf("http://127.0.0.1:%d", q[0]), GRPC: fmt.Sprintf("127.0.0.1:%d", q[1])}
		s.log = filepath.Join(dir, s.Name+".log")
		s.env = append(os.Environ(),
			"PERSISTENCE_DATA_PATH="+filepath.Join(dir, s.Name), "CLUSTER_HOSTNAME="+s.Name, "CLUSTER_ADVERTISE_ADDR=127.0.0.1", "CLUSTER_IN_LOCALHOST=true",
			fmt.Sprint("GRPC_PORT=", q[1]), fmt.Sprint("CLUSTER_GOSSIP_BIND_PORT=", q[2]), fmt.Sprint("CLUSTER_DATA_BIND_PORT=", q[3]),
			fmt.Sprint("RAFT_PORT=", q[4]), fmt.Sprint("RAFT_INTERNAL_RPC_PORT=", q[5]), fmt.Sprint("RAFT_BOOTSTRAP_EXPECT=", n), "RAFT_JOIN="+strings.Join(voters, ","),
			"DISABLE_TELEMETRY=true", "AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED=true", "DEFAULT_VECTORIZER_MODULE=none", "LOG_LEVEL=warning",
			fmt.Sprint("GO_PROFILING_PORT=", q[6]), "QUERY_DEFAULTS_LIMIT=100")
		s.env = append(s.env, settings...)
		if i > 0 {
			s.env = append(s.env, fmt.Sprintf("CLUSTER_JOIN=127.0.0.1:%d", p[2]))
		}
		s.args = []string{path, "--host", "127.0.0.1", "--port", fmt.Sprint(q[0]), "--scheme", "http"}
		if err := s.Restart(); err != nil {
			return nil, errors.Join(err, Stop(nodes))
		}
		nodes = append(nodes, s)
		if i == 0 && n > 1 {
			// A node that finds no one at CLUSTER_JOIN goes on alone, and the others wait for it.
			if err := s.listens(q[2]); err != nil {
				return nil, errors.Join(err, Stop(nodes))
			}
		}
	}
	for _, s := range nodes {
		if err := s.Wait(); err != nil {
			return nil, errors.Join(err, Stop(nodes))
		}
	}
	return nodes, nil
}

// Stop kills nodes.
func Stop(nodes []*Node) error {
	var failed error
	for _, s := range nodes {
		failed = errors.Join(failed, s.Kill())
	}
	return failed
}

// Restart starts a node that does not run, on the data that it has; settings
// (NAME=value) replace those that it had.
func (s *Node) Restart(settings ...string) error {
	out, err := os.OpenFile(s.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer out.Close()                  // the process has its own
	s.env = append(s.env, settings...) // of two with a name the later one counts
	s.cmd = exec.Command(s.args[0], s.args[1:]...)
	s.cmd.Env, s.cmd.Stdout, s.cmd.Stderr = s.env, out, out
	if err := s.cmd.Start(); err != nil {
		return err
	}
	cmd, ended := s.cmd, make(chan struct{})
	s.ended = ended
	go func() {
		_ = cmd.Wait() // says how it ended: most are killed
		close(ended)
	}()
	return nil
}

// patience is how long a node may take: three that start at once beside other
// work have taken minutes.
const patience = 5 * time.Minute

// Wait waits until the node answers, or its program has ended.
func (s *Node) Wait() error {
	ask := http.Client{Timeout: 10 * time.Second}
	for start := time.Now(); time.Since(start) < patience && s.runs(); time.Sleep(200 * time.Millisecond) {
		res, err := ask.Get(s.URL + "/v1/.well-known/ready")
		if err != nil {
			continue
		}
		res.Body.Close()
		if res.StatusCode == http.StatusOK {
			return nil
		}
	}
	said, err := os.ReadFile(s.log)
	return errors.Join(fmt.Errorf("%s does not answer; it said: %s", s.Name, said), err)
}

// listens waits until something listens on a port of the node, or its program has
// ended.
func (s *Node) listens(port int) error {
	for start := time.Now(); time.Since(start) < patience && s.runs(); time.Sleep(50 * time.Millisecond) {
		if c, err := net.Dial("tcp", fmt.Sprint("127.0.0.1:", port)); err == nil {
			return c.Close()
		}
	}
	said, err := os.ReadFile(s.log)
	return errors.Join(fmt.Errorf("%s does not listen on port %d; it said: %s", s.Name, port, said), err)
}

func (s *Node) runs() bool {
	select {
	case <-s.ended:
		return false
	default:
		return true
	}
}

// PID is the number of the node's process.
func (s *Node) PID() int { return s.cmd.Process.Pid }

// Kill is kill -9.
func (s *Node) Kill() error {
	if s.ended == nil {
		return nil
	}
	if err := s.cmd.Process.Signal(syscall.SIGKILL); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-s.ended
	return nil
}

// Remote is the configuration of a cluster.
func Remote(nodes []*Node) engine.Remote {
	r := engine.Remote{Name: "weaviate", Kind: engine.Weaviate, Timeout: 30}
	var ports []string
	for _, n := range nodes {
		r.URLs = append(r.URLs, n.URL)
		ports = append(ports, n.GRPC)
	}
	r.GRPC = strings.Join(ports, ",")
	return r
}
