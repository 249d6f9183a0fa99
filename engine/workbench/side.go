package workbench

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"touchstone/engine"
)

// Side is one of the two that are compared. The zero Side is the ranker and the
// rules in use.
type Side struct {
	Ranker   *engine.Ranker
	Rules    *RuleSet
	Depth    int           // candidates of each search; 0 is the usual number
	Fusion   engine.Fusion // "" ranks all that either search brings up
	Engine   string        // whose candidates they are, in its own order without a Ranker; "" is the one in use
	Encoder  string        // of queries and products: "shipped", a fine-tuned one, a model; "" is the one in use
	Snapshot *Snapshot     // instead of all these: what a ranker made of the queries earlier

	reweighed []string // weights that the name of the side changed
}

// sidePart reads one kind of part of a side's name. What else can be compared gets
// a line here and a field of Side.
type sidePart struct {
	prefix string
	read   func(b *Bench, side *Side, value string) error
}

const (
	snapshotPrefix = "snapshot:"
	rulesPrefix    = "rules:"
	enginePrefix   = "engine:"
	encoderPrefix  = "encoder:"
)

var sideParts = []sidePart{
	{rulesPrefix, func(b *Bench, side *Side, value string) (err error) {
		side.Rules, err = b.RuleSet(value)
		return err
	}},
	{"depth:", func(_ *Bench, side *Side, value string) (err error) {
		if side.Depth, err = strconv.Atoi(value); err != nil || side.Depth < 1 {
			return fmt.Errorf("depth:%s: a whole number above 0 was expected", value)
		}
		return nil
	}},
	{encoderPrefix, func(b *Bench, side *Side, value string) error {
		side.Encoder = value
		return b.checkEncoder(value)
	}},
	{enginePrefix, func(b *Bench, side *Side, value string) (err error) {
		_, err = b.elsewhere(value)
		side.Engine = value
		return err
	}},
	{"fusion:", func(_ *Bench, side *Side, value string) error {
		if side.Fusion = engine.Fusion(value); !slices.Contains(engine.Fusions, side.Fusion) {
			return fmt.Errorf("no fusion is called %q; %s", value, engine.Among(engine.Fusions, ""))
		}
		return nil
	}},
}

// Side finds what is called so: "snapshot:NAME", or parts with a + between
// them, each a ranker as Named finds it, "rules:NAME", "rules:off", "depth:100",
// "fusion:rrf", "engine:NAME" for a remote engine's candidates, in its own order
// where no ranker is named, "encoder:NAME" for meaning by another encoder
// ("shipped", a fine-tuned one, a model), or the weight of a feature in the ranker before it, as in
// "default+cosine=0.4". What is not named is as in use.
func (b *Bench) Side(name string) (Side, error) {
	if wanted, ok := strings.CutPrefix(name, snapshotPrefix); ok {
		snapshot, err := b.snapshot(wanted)
		return Side{Snapshot: snapshot}, err
	}
	var side Side
	for part := range strings.SplitSeq(name, "+") {
		if err := b.sidePart(&side, strings.TrimSpace(part)); err != nil {
			return Side{}, err
		}
	}
	if side.Encoder != "" && side.Engine != "" {
		return Side{}, fmt.Errorf("%s: an engine's candidates are measured by the encoder in use; compare one of the two", name)
	}
	return side, nil
}

func (b *Bench) sidePart(side *Side, part string) error {
	for _, p := range sideParts {
		if value, ok := strings.CutPrefix(part, p.prefix); ok {
			return p.read(b, side, value)
		}
	}
	if feature, value, ok := strings.Cut(part, "="); ok {
		return b.reweigh(side, feature, value)
	}
	ranker, err := b.Named(part)
	side.Ranker = &ranker
	return err
}

// reweigh changes one weight of a side's linear ranker.
func (b *Bench) reweigh(side *Side, feature, value string) error {
	weight, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return fmt.Errorf("%s=%s: a number was expected", feature, value)
	}
	base := side.Ranker
	if base == nil {
		base = b.ranker.Load()
	}
	changed, err := b.withWeight(base, feature, weight)
	if err != nil {
		return err
	}
	side.Ranker = &changed
	side.reweighed = append(side.reweighed, fmt.Sprintf("%s %.3g", feature, weight))
	return nil
}

// withWeight is a linear ranker with one weight changed; a feature that it does
// not weigh yet is added.
func (b *Bench) withWeight(r *engine.Ranker, feature string, weight float64) (engine.Ranker, error) {
	i := slices.IndexFunc(r.Weights, func(w engine.Weight) bool { return w.Feature == feature })
	if r.Kind != engine.Linear {
		return engine.Ranker{}, fmt.Errorf("%s is no weighted sum (%s): its weights cannot be set by hand", rankerLabel(r), r.Kind)
	}
	changed := *r
	changed.Weights = slices.Clone(r.Weights)
	if i < 0 {
		var names []string
		for _, f := range b.Features() {
			names = append(names, f.Name)
		}
		if !slices.Contains(names, feature) {
			return engine.Ranker{}, fmt.Errorf("no feature is called %q; %s", feature, engine.Among(names, ""))
		}
		i, changed.Weights = len(changed.Weights), append(changed.Weights, engine.Weight{Feature: feature})
	}
	changed.Weights[i].Weight = weight
	changed.Made = engine.Provenance{Judgments: r.Made.Judgments, Before: r.Made.Before, After: r.Made.After}
	return changed, nil
}

// snapshot finds a snapshot by name.
func (b *Bench) snapshot(name string) (*Snapshot, error) {
	all, err := b.Snapshots()
	if err != nil {
		return nil, err
	}
	var names []string
	for i := range all {
		if all[i].Name == name {
			return &all[i], nil
		}
		names = append(names, all[i].Name)
	}
	return nil, fmt.Errorf("no snapshot is called %q; %s", name, engine.Among(names, "keep one with Snapshot, or touchstone snapshot"))
}

// Label is how a side is called in a sentence.
func (s Side) Label() string {
	if s.Snapshot != nil {
		return fmt.Sprintf("%s (%s of %s)", s.Snapshot.Name, s.Snapshot.By(), s.Snapshot.Time.Format("2006-01-02"))
	}
	var parts []string
	if s.Engine != "" {
		parts = append(parts, s.Engine)
	}
	if s.Ranker != nil {
		parts = append(parts, rankerLabel(s.Ranker))
	}
	if s.Encoder != "" {
		parts = append(parts, "encoder "+s.Encoder)
	}
	parts = append(parts, s.reweighed...)
	if s.Rules != nil {
		parts = append(parts, "rules "+s.Rules.Name)
	}
	if s.Depth > 0 {
		parts = append(parts, fmt.Sprintf("depth %d", s.Depth))
	}
	if s.Fusion != "" {
		parts = append(parts, "fusion "+string(s.Fusion))
	}
	return strings.Join(parts, ", ")
}

// contender is the side as it ranks; not for snapshots.
func (s Side) contender() contender {
	return contender{ranker: s.Ranker, rules: s.Rules, depth: s.Depth, fusion: s.Fusion, from: s.Engine, encoder: s.Encoder}
}
