package engine

// Head is a small map behind an encoder, made of a workspace's grades: it adds
// Up·(Down·x) to a unit vector x and brings the sum back to length 1. With an Up
// of 0 it changes nothing.
type Head struct {
	Name    string     `json:"name"`
	Version int        `json:"version"`
	Base    string     `json:"base"` // Encoder.Name of the encoder that it stands behind
	Dim     int        `json:"dim"`
	Rank    int        `json:"rank"`
	Down    []float32  `json:"down"` // Rank × Dim, row after row
	Up      []float32  `json:"up"`   // Dim × Rank
	Made    Provenance `json:"made,omitzero"`
}

// Versioned is the name by which this version is asked for, NAME@VERSION.
func (h *Head) Versioned() string { return versioned(h.Name, h.Version) }

// Label is the name and version as people read them: "tuned v1".
func (h *Head) Label() string { return label(h.Name, h.Version) }
