package locale

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// found is text in the source of the window.
type found struct {
	text, where string
}

// source reads the window's code: the texts that go through this package, and
// those that look as if they were shown and do not.
type source struct {
	set        *token.FileSet
	translated []found
	plain      []found
}

// shows are functions whose text arguments are shown whatever they look like.
var shows = map[string]bool{
	"NewText": true, "NewParagraph": true, "NewButton": true, "NewKeyHint": true, "SetText": true, "SetLabel": true,
	"caption": true, "chip": true, "empty": true, "newFigure": true, "NewCustom": true, "NewConfirm": true, "failure": true,
}

// hides are functions whose text arguments are not shown, or are names.
var hides = map[string]bool{"Name": true, "Errorf": true, "New": true, "panic": true, "Format": true, "MeasureText": true, "MustCompile": true}

// translatedFields are fields of tables that are shown with T.
var translatedFields = map[string]map[string]bool{
	"action":    {"name": true, "why": true, "under": true},
	"placeKind": {"name": true},
	"keyHelp":   {"does": true},
}

func readSource(t *testing.T, dir string) *source {
	t.Helper()
	s := &source{set: token.NewFileSet()}
	err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "locale" || d.Name() == "theme" || d.Name() == "golden") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(s.set, file, nil, 0)
		if err != nil {
			return err
		}
		for _, decl := range f.Decls {
			if g, ok := decl.(*ast.GenDecl); ok && g.Tok == token.IMPORT {
				continue
			}
			s.walk(decl, "")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// walk looks at all text below n, which stands in a literal of a type of table.
func (s *source) walk(n ast.Node, table string) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			name := calledName(n.Fun)
			for i, arg := range n.Args {
				text, ok := literal(arg)
				switch {
				case !ok:
					s.walk(arg, "")
				case name == "T" && i == 0 || name == "N" && i == 2 || name == "Mark":
					s.translated = append(s.translated, s.at(text, arg))
				case hides[name], name == "N": // the text for one needs no translation of its own
				case shows[name] && hasLetter(text), looksLikeWords(text):
					s.plain = append(s.plain, s.at(text, arg))
				}
			}
			s.walk(n.Fun, "")
			return false
		case *ast.CompositeLit:
			of := table
			if n.Type != nil {
				of = typeName(n.Type)
			}
			for i, e := range n.Elts {
				field := ""
				if kv, ok := e.(*ast.KeyValueExpr); ok {
					if id, ok := kv.Key.(*ast.Ident); ok {
						field = id.Name
					} // other keys name what their values are of
					e = kv.Value
				} else if of == "keyHelp" {
					field = []string{"keys", "does"}[min(i, 1)]
				}
				text, ok := literal(e)
				switch {
				case !ok:
					s.walk(e, of)
				case translatedFields[of][field]:
					s.translated = append(s.translated, s.at(text, e))
				case of == "keyHelp" && field == "keys": // names of keys
				case looksLikeWords(text):
					s.plain = append(s.plain, s.at(text, e))
				}
			}
			return false
		case *ast.Field: // tags of structs are no expressions of their own
			s.walk(n.Type, "")
			return false
		case *ast.BasicLit:
			if text, ok := literal(n); ok && looksLikeWords(text) {
				s.plain = append(s.plain, s.at(text, n))
			}
		}
		return true
	})
}

func (s *source) at(text string, n ast.Node) found {
	p := s.set.Position(n.Pos())
	return found{text, filepath.Base(p.Filename) + ":" + strconv.Itoa(p.Line)}
}

// literal is the text of a string literal, or of several with + between them.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		text, err := strconv.Unquote(e.Value)
		return text, err == nil
	case *ast.BinaryExpr:
		x, ok := literal(e.X)
		y, also := literal(e.Y)
		return x + y, ok && also && e.Op == token.ADD
	}
	return "", false
}

func calledName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// typeName is the name of a type, or of what a list or a map holds.
func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.ArrayType:
		return typeName(e.Elt)
	case *ast.MapType:
		return typeName(e.Value)
	}
	return calledName(e)
}

var verbs = regexp.MustCompile(`%[-+# 0-9.*\[\]]*[a-zA-Z]`)

func hasLetter(text string) bool {
	return strings.ContainsFunc(verbs.ReplaceAllString(text, ""), unicode.IsLetter)
}

func letters(text string) (n int) {
	for _, r := range text {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// looksLikeWords says that text is written for people: it has a capital, a space
// or a letter that is not ASCII. Names such as "search.field" are not.
func looksLikeWords(text string) bool {
	text = verbs.ReplaceAllString(text, "")
	if letters(text) < 2 { // none, or the name of a key
		return false
	}
	return strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsUpper(r) || unicode.IsSpace(r) || r > unicode.MaxASCII
	})
}

// literals is every text in the code below some folders, as it is and in the
// pieces that a template is put together of.
func literals(t *testing.T, dirs ...string) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && (d.Name() == "testdata" || dir == "../.." && file != dir) {
				return filepath.SkipDir
			}
			if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
				return nil
			}
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if e, ok := n.(ast.Expr); ok {
					if text, ok := literal(e); ok {
						all[text] = true
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// errorTexts are the templates of fmt.Errorf and errors.New in folders. What
// tests and their servers say is not shown.
func errorTexts(t *testing.T, dirs ...string) []found {
	t.Helper()
	s := &source{set: token.NewFileSet()}
	var all []found
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && strings.HasSuffix(d.Name(), "test") {
				return filepath.SkipDir
			}
			if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
				return nil
			}
			f, err := parser.ParseFile(s.set, file, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(f, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || len(call.Args) == 0 {
					return true
				}
				of, ok := call.Fun.(*ast.SelectorExpr)
				if !ok || of.Sel.Name != "Errorf" && (of.Sel.Name != "New" || typeName(of.X) != "errors") {
					return true
				}
				if text, ok := literal(call.Args[0]); ok {
					all = append(all, s.at(text, call))
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}
