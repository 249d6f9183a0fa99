package exchange

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"touchstone/engine"
)

// ParseMapping reads a mapping as the command line takes it: role=column,
// parted by commas, as in "title=name,brand=supplier,description=summary". The
// result says for each column which role it plays. Several columns may be a
// description, an attribute or ignored; every other role has one.
func ParseMapping(s string) (map[string]engine.Role, error) {
	if strings.TrimSpace(s) == "" {
		return nil, nil
	}
	mapping := map[string]engine.Role{}
	taken := map[engine.Role]string{}
	for _, part := range strings.Split(s, ",") {
		name, column, ok := strings.Cut(part, "=")
		role := engine.Role(strings.ToLower(strings.TrimSpace(name)))
		column = strings.TrimSpace(column)
		if !ok || column == "" {
			return nil, fmt.Errorf("mapping %q: want role=column, such as title=name", strings.TrimSpace(part))
		}
		if !slices.Contains(engine.Roles, role) {
			return nil, fmt.Errorf("mapping %q: there is no role %q; the roles are %s", strings.TrimSpace(part), role, rolesText())
		}
		if other, ok := taken[role]; ok && other != column && single(role) {
			return nil, fmt.Errorf("mapping: the role %s is given to two columns, %q and %q", role, other, column)
		}
		if other, ok := mapping[column]; ok && other != role {
			return nil, fmt.Errorf("mapping: the column %q is given two roles, %s and %s", column, other, role)
		}
		taken[role] = column
		mapping[column] = role
	}
	return mapping, nil
}

func rolesText() string {
	names := make([]string, len(engine.Roles))
	for i, r := range engine.Roles {
		names[i] = string(r)
	}
	return strings.Join(names, ", ")
}

// single reports whether a role has at most one column.
func single(r engine.Role) bool {
	return r != engine.RoleDescription && r != engine.RoleAttribute && r != engine.RoleIgnore
}

// applyMapping lays a mapping over guessed roles. A column that loses its
// single role to another becomes an attribute.
func applyMapping(fields []engine.Field, mapping map[string]engine.Role) error {
	for _, column := range slices.Sorted(maps.Keys(mapping)) {
		role := mapping[column]
		at := slices.IndexFunc(fields, func(f engine.Field) bool { return f.Name == column })
		if at < 0 {
			at = slices.IndexFunc(fields, func(f engine.Field) bool { return strings.EqualFold(f.Name, column) })
		}
		if at < 0 {
			return fmt.Errorf("there is no column %q to be the %s; the columns are %s", column, role, namesText(fields))
		}
		for i := range fields {
			if single(role) && fields[i].Role == role {
				fields[i].Role = engine.RoleAttribute
			}
		}
		fields[at].Role = role
	}
	return nil
}

// namesText lists the first columns for a message.
func namesText(fields []engine.Field) string {
	const most = 20
	var names []string
	for _, f := range fields {
		if len(names) == most {
			names = append(names, fmt.Sprintf("and %d more", len(fields)-most))
			break
		}
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}
