package main

import (
	"os"
	"strings"

	"touchstone/diagnosis"
	"touchstone/engine/workbench"
)

// diagnostics tells of the open workspace how much is in it, and never what.
func diagnostics(log *diagnosis.Log) func(st *workbench.Status, unsaved int, details bool) (string, error) {
	return func(st *workbench.Status, unsaved int, details bool) (string, error) {
		facts := []diagnosis.Fact{{Name: "touchstone", Value: version}}
		if st != nil {
			model := "imported"
			for _, embedded := range []string{"all-MiniLM-L6-v2", "bge-small-zh-v1.5"} {
				if strings.HasPrefix(st.Model, embedded) {
					model = embedded
				}
			}
			size := int64(0)
			if info, err := os.Stat(st.Path); err == nil {
				size = info.Size()
			}
			facts = append(facts, []diagnosis.Fact{
				{Name: "products", Value: st.Products}, {Name: "encoded", Value: st.Encoded}, {Name: "queries", Value: st.Queries},
				{Name: "judgments", Value: st.Judgments}, {Name: "not saved yet", Value: unsaved}, {Name: "read-only", Value: st.ReadOnly},
				{Name: "bytes", Value: size}, {Name: "language", Value: st.Catalogue.Language}, {Name: "model", Value: model},
			}...)
			if details {
				facts = append(facts, diagnosis.Fact{Name: "workspace", Value: st.Path})
			}
		}
		return log.Report(facts, details)
	}
}
