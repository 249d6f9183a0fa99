package measure

import "strings"

var labels = map[Kind]string{
	NDCG: "NDCG", DCG: "DCG", ERR: "ERR", RBP: "RBP", AP: "AP", Precision: "P", Recall: "Recall", RR: "RR", Judged: "Judged", Bpref: "bpref",
}

// Label is the metric's name as people write it: "NDCG@10", and "NDCG@10
// (quepid)" where its convention is not the standard one.
func (m Metric) Label() string {
	label := strings.Replace(m.String(), string(m.Kind), labels[m.Kind], 1)
	if m.Convention != Standard {
		label += " (" + m.Convention.String() + ")"
	}
	return label
}
