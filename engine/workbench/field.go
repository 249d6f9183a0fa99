package workbench

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"touchstone/engine"
)

// SetField changes one field of a product as a person types it: a role, or the
// name of an attribute. An empty value takes the field away; a product keeps its
// ID and always has a title.
func SetField(p *engine.Product, field, value string) error {
	value = strings.TrimSpace(value)
	text := map[engine.Role]*string{engine.RoleTitle: &p.Title, engine.RoleBrand: &p.Brand, engine.RoleCategory: &p.Category,
		engine.RoleDescription: &p.Description, engine.RoleImage: &p.Image}
	number := map[engine.Role]*engine.Number{engine.RolePrice: &p.Price, engine.RoleRating: &p.Rating, engine.RolePopularity: &p.Popularity}
	role := engine.Role(strings.ToLower(field))
	switch {
	case role == engine.RoleID:
		return fmt.Errorf("the ID of %s stays: grades and events know the product by it", p.ID)
	case role == engine.RoleTitle && value == "":
		return fmt.Errorf("%s needs a title", p.ID)
	case text[role] != nil:
		*text[role] = value
	case number[role] != nil:
		if *number[role] = (engine.Number{}); value == "" {
			return nil
		}
		v, err := strconv.ParseFloat(value, 64)
		if n := engine.Known(v); err == nil && n.Known {
			*number[role] = n
			return nil
		}
		return fmt.Errorf("%s of %s: %q is no number; write it as in 1299.90", role, p.ID, value)
	case role == engine.RoleDate:
		if p.Date = (time.Time{}); value == "" {
			return nil
		}
		for _, layout := range []string{"2006-01-02", time.RFC3339} {
			if t, err := time.Parse(layout, value); err == nil {
				p.Date = t
				return nil
			}
		}
		return fmt.Errorf("date of %s: %q is no date; write it as in 2026-11-30", p.ID, value)
	default:
		setAttribute(p, field, value)
	}
	return nil
}

func setAttribute(p *engine.Product, name, value string) {
	at := slices.IndexFunc(p.Attributes, func(a engine.Attribute) bool { return strings.EqualFold(a.Name, name) })
	p.Attributes = slices.Clone(p.Attributes)
	switch {
	case at < 0 && value != "":
		p.Attributes = append(p.Attributes, engine.Attribute{Name: name, Value: value})
	case at >= 0 && value == "":
		p.Attributes = slices.Delete(p.Attributes, at, at+1)
	case at >= 0:
		p.Attributes[at].Value = value
	}
}
