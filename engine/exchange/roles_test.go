package exchange

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/engine"
)

// rolesOf are the roles guessed for the columns of a text, without attributes.
func rolesOf(t *testing.T, text string) map[string]engine.Role {
	t.Helper()
	_, c := readAll(t, text, nil)
	roles := map[string]engine.Role{}
	for _, f := range c.Fields() {
		if f.Role != engine.RoleAttribute {
			roles[f.Name] = f.Role
		}
	}
	return roles
}

func TestGuessedRoles(t *testing.T) {
	tests := []struct {
		name, text string
		want       map[string]engine.Role
	}{
		{"a name that is a code", "id,name,title\n1,WH-1000XM5,Sony headphones\n2,QC45,Bose QuietComfort 45\n",
			map[string]engine.Role{"id": "id", "title": "title"}},
		{"a title that is a code", "id,title,name\n1,WH-1000XM5,Sony headphones\n2,QC45,Bose QuietComfort 45\n",
			map[string]engine.Role{"id": "id", "name": "title"}},
		{"camel case and subjects", "productId,productTitle,productType,productDescription,imageURL\n1,Green tea,Tea,It is green,a.jpg\n2,Black tea,Tea,It is black,b.png\n",
			map[string]engine.Role{"productId": "id", "productTitle": "title", "productType": "category", "productDescription": "description", "imageURL": "image"}},
		{"units in the header", "SKU,Title,Price (EUR),Rating [0-5],Sales (30 days)\nA1,Green tea,2.50,4.5,30\nA2,Black tea,3.50,4.0,12\n",
			map[string]engine.Role{"SKU": "id", "Title": "title", "Price (EUR)": "price", "Rating [0-5]": "rating", "Sales (30 days)": "popularity"}},
		{"a category is no ID", "id,title\ntea,Green tea\ntea,Black tea\ntea,White tea\n",
			map[string]engine.Role{"title": "title"}},
		{"a price in words is none", "id,title,price\n1,Green tea,cheap\n2,Black tea,dear\n",
			map[string]engine.Role{"id": "id", "title": "title"}},
		{"several prices and dates", "id,title,list_price,price,updated_at,release_date\n1,Green tea,3,2,2024-01-02,2020-01-02\n",
			map[string]engine.Role{"id": "id", "title": "title", "price": "price", "release_date": "date"}},
		{"addresses are not searched", "id,title,url,thumb\n1,Green tea,https://a.example/1,https://a.example/1.jpg\n2,Black tea,https://a.example/2,https://a.example/2.jpg\n",
			map[string]engine.Role{"id": "id", "title": "title", "url": "ignore", "thumb": "image"}},
		{"reviews that are counts, and ratings", "id,title,stars,reviews\n1,Green tea,4.5 out of 5,\"1,204\"\n2,Black tea,3,7\n",
			map[string]engine.Role{"id": "id", "title": "title", "stars": "rating", "reviews": "popularity"}},
		{"a title by its values", "nr,was,wieviel\n1,Grüner Tee aus Japan,5\n2,Schwarzer Tee aus Indien,6\n",
			map[string]engine.Role{"nr": "id", "was": "title"}},
		{"French", "référence,désignation,marque,rayon,prix,note\nA1,Thé vert,Kusmi,Thés,\"12,50 €\",\"4,5\"\n",
			map[string]engine.Role{"désignation": "title", "marque": "brand", "rayon": "category", "prix": "price", "note": "rating"}},
		{"Chinese", "商品编号,商品名称,品牌,商品分类,价格（元）,商品描述,评分,月销量\n1,华为手机,华为,手机,6999,好用,4.9,100\n",
			map[string]engine.Role{"商品编号": "id", "商品名称": "title", "品牌": "brand", "商品分类": "category", "价格（元）": "price", "商品描述": "description", "评分": "rating", "月销量": "popularity"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, rolesOf(t, test.text)); diff != "" {
				t.Errorf("roles (-want +got):\n%s", diff)
			}
		})
	}
}

// TestEveryRoleNameIsFolded holds that each name can match at all.
func TestEveryRoleNameIsFolded(t *testing.T) {
	for role, names := range roleNames {
		for _, name := range names {
			if foldName(name) != name {
				t.Errorf("%s: %q is folded to %q and never matches", role, name, foldName(name))
			}
		}
	}
	for _, names := range [][]string{currencyNames, queryNames, queryIDNames, productNames, gradeNames, judgeNames, timeNames, noteNames, otherNames, consensusNames, needNames} {
		for _, name := range names {
			if foldName(name) != name {
				t.Errorf("%q is folded to %q and never matches", name, foldName(name))
			}
		}
	}
}

func TestCurrencyColumn(t *testing.T) {
	products, c := readAll(t, `{"id":"1","title":"Green tea","price":{"amount":2.5,"currency":"EUR"}}`+"\n"+`{"id":"2","title":"Black tea","price":{"currency":"EUR"}}`, nil)
	want := []engine.Product{{ID: "1", Title: "Green tea", Price: engine.Known(2.5), Currency: "EUR"}, {ID: "2", Title: "Black tea"}}
	if diff := cmp.Diff(want, products); diff != "" {
		t.Errorf("products with fields %v (-want +got):\n%s", c.Fields(), diff)
	}
}

func TestIDsOfContentAreStable(t *testing.T) {
	ids := func(text string) map[string]string {
		products, _ := readAll(t, text, nil)
		out := map[string]string{}
		for _, p := range products {
			out[p.Title] = p.ID
		}
		return out
	}
	a := ids("title,brand\nGreen tea,Lipton\nBlack tea,Twinings\n")
	b := ids("brand,title\nTwinings,Black tea\nX,White tea\nLipton,Green tea\n")
	if a["Green tea"] == "" || a["Green tea"] == a["Black tea"] {
		t.Errorf("IDs %v", a)
	}
	if a["Green tea"] != b["Green tea"] || a["Black tea"] != b["Black tea"] {
		t.Errorf("another order of rows and columns gives other IDs: %v and %v", a, b)
	}
}

func TestPreview(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.csv")
	text := "id,title,price\n1,Green tea,2\nbroken\n2,Black tea,2\n3,White tea,3\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := PreviewCatalogue(path, CatalogueOptions{}, 2)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Products) != 2 || p.Products[1].Title != "Black tea" || len(p.Problems) != 1 || p.Format != "CSV" || p.Encoding != "UTF-8" {
		t.Errorf("preview %+v", p)
	}
	want := map[string][]string{"id": {"1", "2", "3"}, "title": {"Green tea", "Black tea", "White tea"}, "price": {"2", "3"}}
	if diff := cmp.Diff(want, p.Examples); diff != "" {
		t.Errorf("examples (-want +got):\n%s", diff)
	}
	if p, err := PreviewCatalogue(path, CatalogueOptions{}, 100); err != nil || len(p.Products) != 3 {
		t.Errorf("a preview of the whole file: %+v, %v", p, err)
	}
	if _, err := PreviewCatalogue(filepath.Dir(path), CatalogueOptions{}, 1); err == nil || !strings.Contains(err.Error(), "folder") {
		t.Errorf("a preview of a folder: %v", err)
	}
	if _, err := PreviewCatalogue(path+"x", CatalogueOptions{}, 1); !os.IsNotExist(err) {
		t.Errorf("a preview of nothing: %v", err)
	}
}

func TestJSONShapes(t *testing.T) {
	tests := []struct {
		name, text, format string
		titles             []string
		problems           []string
		end                string // of the error that ends the reading; "" when all is read
	}{
		{"one object", `{"id":"1","title":"a tea"}`, "JSON Lines", []string{"a tea"}, nil, ""},
		{"spread objects", "{\n\"id\":\"1\",\n\"title\":\"a tea\"\n}\n{\n\"id\":\"2\",\"title\":\"b tea\"}", "JSON", []string{"a tea", "b tea"}, nil, ""},
		{"wrapped on one line", `{"total":1,"products":[{"id":"1","title":"a tea"}],"more":[{"x":[1]}]}`, "JSON", []string{"a tea"}, nil, ""},
		{"rows that have items", "{\"id\":\"1\",\"title\":\"a tea\",\"items\":[{\"x\":1}]}\n{\"id\":\"2\",\"title\":\"b tea\"}", "JSON Lines", []string{"a tea", "b tea"}, nil, ""},
		{"a broken first line", "{\"id\":\"1\",\"title\":\"a\n{\"id\":\"2\",\"title\":\"b tea\"}\n", "JSON Lines", []string{"b tea"}, []string{"test:1: broken JSON at byte 20: unexpected end of JSON input"}, ""},
		{"wrong elements", "[{\"id\":\"1\",\"title\":\"a tea\"},\n7,\n[],{\"id\":\"2\"}]", "JSON", []string{"a tea"}, []string{"test:2: not", "test:3: not", "test:3: has no title"}, ""},
		{"not UTF-8", "[{\"id\":\"1\",\"title\":\"a tea\"},\n{\"id\":\"2\",\"title\":\"b\xff\"}]", "JSON", []string{"a tea"}, []string{"test:2: the text is not UTF-8: byte 21 of the row is 0xff"}, ""},
		{"breaks off", "[{\"id\":\"1\",\"title\":\"a tea\"},\n{\"id\":", "JSON", []string{"a tea"}, nil, "line 1: the JSON cannot be read from here on: the file ends in the middle"},
		{"a list and more", "[{\"id\":\"1\",\"title\":\"a tea\"}]\n[]", "JSON", []string{"a tea"}, nil, "line 2: there is more after the list"},
		{"a wrapper and more", "{\"items\":[{\"id\":\"1\",\"title\":\"a tea\"}]\n}\n{}", "JSON", []string{"a tea"}, nil, "line 3: there is more after the list"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, err := ReadCatalogue(strings.NewReader(test.text), "test", CatalogueOptions{})
			if err != nil {
				t.Fatal(err)
			}
			var titles []string
			for {
				p, next := c.Next()
				if err = next; err != nil {
					break
				}
				titles = append(titles, p.Title)
			}
			if diff := cmp.Diff(test.titles, titles); diff != "" || c.Format != test.format {
				t.Errorf("%s (-want +got):\n%s", c.Format, diff)
			}
			if test.end == "" && err.Error() != "EOF" || !strings.Contains(err.Error(), test.end) {
				t.Errorf("ended by %q, want %q", err, test.end)
			}
			got := lines(c.Problems())
			if len(got) != len(test.problems) {
				t.Fatalf("problems %q, want %q", got, test.problems)
			}
			for i := range got {
				if !strings.HasPrefix(got[i], test.problems[i]) {
					t.Errorf("problem %q, want %q", got[i], test.problems[i])
				}
			}
		})
	}
}
