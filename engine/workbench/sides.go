package workbench

import (
	"slices"
	"strconv"

	"touchstone/engine"
	"touchstone/engine/rank"
)

// SideChoice is something that can be compared.
type SideChoice struct {
	Name string // as Side reads it
	Kind SideKind
	Of   string // what of its kind it is: "learned v3", the name of a snapshot
}

// SideKind is what kind of thing is compared.
type SideKind string

// The kinds of sides.
const (
	RankerSide   SideKind = "ranker"
	SnapshotSide SideKind = "snapshot"
	RulesSide    SideKind = "rules"
	EngineSide   SideKind = "engine"
	EncoderSide  SideKind = "encoder"
)

// Sides lists what can be compared, newest first within its kind, and as before
// and now what is compared unless someone chooses: the ranker in use against the
// version before it.
func (b *Bench) Sides() (all []SideChoice, before, now string, err error) {
	rankers, err := b.store.Rankers()
	if err != nil {
		return nil, "", "", err
	}
	snapshots, err := b.Snapshots()
	if err != nil {
		return nil, "", "", err
	}
	heads, err := b.store.Heads()
	if err != nil {
		return nil, "", "", err
	}
	used := b.ranker.Load()
	older, err := b.Before(used)
	if err != nil {
		return nil, "", "", err
	}
	before, now = sideName(&older), sideName(used)
	add := func(kind SideKind, name, of string) {
		if !slices.ContainsFunc(all, func(c SideChoice) bool { return c.Name == name }) {
			all = append(all, SideChoice{name, kind, of})
		}
	}
	add(RankerSide, now, rankerLabel(used))
	for _, r := range slices.Backward(rankers) {
		add(RankerSide, sideName(&r), rankerLabel(&r))
	}
	for _, name := range append([]string{rank.Default().Name}, baselines...) {
		add(RankerSide, name, name)
	}
	for _, s := range slices.Backward(snapshots) {
		add(SnapshotSide, snapshotPrefix+s.Name, s.Name)
	}
	for _, name := range b.RuleSets() {
		add(RulesSide, rulesPrefix+name, name)
	}
	settings := b.store.Settings()
	for _, r := range settings.Remotes {
		add(EngineSide, enginePrefix+r.Name, r.Name)
	}
	if v := b.view.Load(); settings.source() == "" && v.base != nil {
		if len(heads) > 0 {
			add(EncoderSide, encoderPrefix+Shipped, Shipped)
		}
		for i := range slices.Backward(heads) {
			if heads[i].Base == v.base.Name() {
				add(EncoderSide, encoderPrefix+heads[i].Versioned(), heads[i].Versioned())
			}
		}
		for _, model := range b.modelNames() {
			if model != settings.Model {
				add(EncoderSide, encoderPrefix+model, model)
			}
		}
	}
	return all, before, now, nil
}

// sideName is a ranker by name and version, as Side reads it.
func sideName(r *engine.Ranker) string {
	if r.Version == 0 || r.Name == rank.Default().Name {
		return r.Name
	}
	return r.Versioned()
}

// modelNames are the models that can be compared by name; none where nobody told.
func (b *Bench) modelNames() []string {
	if b.ModelNames == nil {
		return nil
	}
	return b.ModelNames()
}

// SlidersSide is the name of the side that ranks by weights that nobody has kept
// yet: the ranker in use, and each weight that differs from it.
func (b *Bench) SlidersSide(draft *engine.Ranker) string {
	used := b.ranker.Load()
	name := sideName(used)
	for _, w := range draft.Weights {
		if w.Weight != used.Weight(w.Feature) {
			name += "+" + w.Feature + "=" + strconv.FormatFloat(w.Weight, 'f', -1, 64)
		}
	}
	return name
}
