package exchange

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"touchstone/engine"
)

// roleNames are the names that people give to the columns of a role, folded by
// foldName, the likeliest first: of two columns the one named earlier wins.
var roleNames = map[engine.Role][]string{
	engine.RoleID: {"id", "_id", "docid", "doc id", "document id", "sku", "asin", "uid", "uuid", "key", "code", "number", "no", "nr", "nummer", "artikelnummer",
		"article number", "part number", "mpn", "reference", "ref", "handle", "gtin", "ean", "upc", "isbn",
		"编号", "商品编号", "产品编号", "商品id", "产品id", "货号", "编码", "商品编码", "条码"},
	engine.RoleTitle: {"title", "full title", "display title", "name", "display name", "full name", "headline", "heading", "subject", "label", "caption",
		"bezeichnung", "titel", "artikelbezeichnung", "produktbezeichnung", "titre", "nom", "designation", "désignation", "libelle", "libellé", "intitulé",
		"nombre", "titulo", "título", "titolo", "nome", "naam",
		"标题", "商品标题", "产品标题", "名称", "商品名称", "产品名称", "商品名", "品名", "产品名", "题目", "名字"},
	engine.RoleBrand: {"brand", "brand name", "manufacturer", "manufacturer name", "supplier", "supplier name", "vendor", "vendor name", "maker", "producer", "make",
		"marke", "hersteller", "lieferant", "marque", "fabricant", "fournisseur", "marca", "merk", "publisher", "author",
		"品牌", "品牌名称", "厂商", "厂家", "制造商", "生产商", "供应商"},
	engine.RoleCategory: {"category", "categories", "category name", "category path", "category hierarchy", "category tree", "main category", "taxonomy", "breadcrumb", "breadcrumbs",
		"type", "class", "department", "section", "group", "genre", "subcategory", "topic",
		"kategorie", "kategorien", "warengruppe", "produktgruppe", "art", "catégorie", "categorie", "catégories", "rayon", "famille", "categoria", "categoría",
		"分类", "类别", "类目", "品类", "商品分类", "产品分类", "种类", "类型"},
	engine.RoleDescription: {"description", "long description", "short description", "full description", "desc", "summary", "short summary", "details", "body", "text", "content",
		"abstract", "overview", "features", "feature", "bullet point", "bullet points", "bullets", "highlights", "about", "specification", "specifications",
		"beschreibung", "kurzbeschreibung", "langbeschreibung", "produktbeschreibung", "details", "résumé", "description courte", "description longue", "descripción", "descrizione",
		"描述", "商品描述", "产品描述", "简介", "商品简介", "产品简介", "详情", "商品详情", "正文", "内容", "摘要", "卖点", "介绍"},
	engine.RolePrice: {"price", "current price", "sale price", "selling price", "final price", "unit price", "regular price", "list price", "retail price", "msrp", "rrp", "uvp", "amount", "cost",
		"price amount", "price value", "price usd", "price eur", "price gbp", "preis", "verkaufspreis", "einzelpreis", "prix", "prix ttc", "prix de vente", "precio", "prezzo", "prijs",
		"价格", "售价", "单价", "现价", "销售价", "商品价格", "价钱", "原价"},
	engine.RoleRating: {"rating", "average rating", "avg rating", "rating average", "rating value", "mean rating", "stars", "star rating", "review score", "review rating", "score",
		"bewertung", "sterne", "note", "note moyenne", "évaluation", "valoración", "valutazione",
		"评分", "商品评分", "星级", "平均评分", "评价"},
	engine.RolePopularity: {"popularity", "sales", "sales count", "units sold", "sold", "quantity sold", "orders", "order count", "purchases", "bought", "views", "view count", "visits", "clicks", "downloads",
		"sales rank inverse", "reviews", "review count", "reviews count", "number of reviews", "num reviews", "nb reviews", "rating count", "ratings count", "ratings", "number of ratings", "num ratings", "votes", "likes",
		"beliebtheit", "verkäufe", "absatz", "anzahl bewertungen", "popularité", "ventes", "nombre d'avis", "ventas", "vendite",
		"销量", "月销量", "总销量", "热度", "人气", "评论数", "评价数", "浏览量", "点击量", "收藏数"},
	engine.RoleDate: {"date", "date released", "release date", "released", "released at", "launch date", "launched", "published", "published at", "publication date", "publish date", "pub date", "date published",
		"created", "created at", "date created", "creation date", "created date", "date added", "added", "added at", "available from", "listed at", "updated", "updated at", "last modified", "modified", "timestamp", "time", "year", "release year",
		"datum", "erscheinungsdatum", "erstellt", "erstellt am", "veröffentlicht", "date de sortie", "date de création", "date de publication", "fecha", "data",
		"日期", "上架时间", "上架日期", "上市时间", "上市日期", "发布日期", "发布时间", "创建时间", "时间", "年份"},
	engine.RoleImage: {"image", "image url", "image link", "image src", "main image", "primary image", "img", "img url", "img thumb", "img src", "thumbnail", "thumbnail url", "thumb", "picture", "picture url", "pic", "photo", "photo url", "images",
		"bild", "bild url", "bilder", "photo principale", "imagen", "immagine",
		"图片", "商品图片", "主图", "图片链接", "图片地址", "缩略图", "封面"},
}

// currencyNames are columns that belong to the price.
var currencyNames = []string{"currency", "currency code", "price currency", "währung", "devise", "moneda", "valuta", "货币", "币种"}

// subjects may stand before any of roleNames: product_title, item_id.
var subjects = []string{"product ", "item ", "article ", "produkt ", "artikel ", "produit "}

// foldName makes "productTitle", "Product_Title" and "product-title" the same,
// and leaves out what stands in brackets at the end: "Price (EUR)", "价格（元）".
func foldName(name string) string {
	if at := strings.IndexAny(name, "([（"); at > 0 {
		name = name[:at]
	}
	var b strings.Builder
	var before rune
	for _, r := range strings.TrimSpace(name) {
		switch {
		case r == '_' && b.Len() == 0:
			b.WriteRune(r)
		case r == '_' || r == '-' || r == '.' || r == '/' || unicode.IsSpace(r):
			r = ' '
			if before != ' ' {
				b.WriteRune(r)
			}
		default:
			if unicode.IsUpper(r) && unicode.IsLower(before) {
				b.WriteByte(' ')
			}
			b.WriteRune(unicode.ToLower(r))
		}
		before = r
	}
	return strings.TrimSpace(b.String())
}

// nameRank is the place of a column's name among the names of a role, 0 for the
// likeliest, −1 for none.
func nameRank(name string, role engine.Role) int {
	folded := foldName(name)
	if rank := slices.Index(roleNames[role], folded); rank >= 0 {
		return rank
	}
	for _, subject := range subjects {
		if rest, ok := strings.CutPrefix(folded, subject); ok {
			return slices.Index(roleNames[role], rest)
		}
	}
	return -1
}

// looksLikeHeader reports whether a first row names columns rather than holding
// a product.
func looksLikeHeader(cells []string) bool {
	values := 0
	for _, c := range cells {
		for role := range roleNames {
			if nameRank(c, role) >= 0 {
				return true
			}
		}
		c = strings.TrimSpace(c)
		if _, date := parseDate(c, monthFirst); date || isAddress(c) || c != "" && strings.Trim(c, "0123456789.,-+ ") == "" {
			values++
		}
	}
	return values == 0
}

// column is what a sample of the file shows of one column.
type column struct {
	name   string
	values []string // of the sampled rows that have one
	rows   int      // sampled in all
	lists  bool     // some row has several values
}

// share is the part of the column's values for which ok holds.
func (c *column) share(ok func(string) bool) float64 {
	if len(c.values) == 0 {
		return 0
	}
	n := 0
	for _, v := range c.values {
		if ok(v) {
			n++
		}
	}
	return float64(n) / float64(len(c.values))
}

func (c *column) distinct() float64 {
	seen := map[string]bool{}
	for _, v := range c.values {
		seen[v] = true
	}
	return float64(len(seen)) / float64(max(len(c.values), 1))
}

// coverage is the part of the sampled rows that have a value.
func (c *column) coverage() float64 { return float64(len(c.values)) / float64(max(c.rows, 1)) }

// fits is how well the values of a column suit a role, from 0 (never) to 1.
func (c *column) fits(role engine.Role) float64 {
	switch role {
	case engine.RoleID:
		// Duplicates are reported later, one by one; but a category is no ID.
		if d := c.distinct(); d >= 0.5 && c.coverage() >= 0.5 && !c.lists {
			return d * c.coverage() * c.share(func(v string) bool { return len(v) <= 200 })
		}
		return 0
	case engine.RoleTitle:
		return c.share(isTitle) * c.coverage()
	case engine.RoleBrand:
		return c.share(func(v string) bool { return !isAddress(v) && utf8.RuneCountInString(v) <= 60 && hasLetter(v) })
	case engine.RoleCategory:
		return c.share(func(v string) bool { return !isAddress(v) && utf8.RuneCountInString(v) <= 300 && hasLetter(v) })
	case engine.RoleDescription:
		return c.share(hasLetter)
	case engine.RolePrice:
		return atLeast(0.7, c.share(func(v string) bool { _, _, ok := parsePrice(v, 0); return ok && utf8.RuneCountInString(v) <= 40 }))
	case engine.RoleRating:
		return atLeast(0.7, c.share(func(v string) bool { r, ok := parseRating(v); return ok && r <= 100 && utf8.RuneCountInString(v) <= 40 }))
	case engine.RolePopularity:
		return atLeast(0.7, c.share(func(v string) bool {
			_, ok := findNumber(v, 0)
			return ok && utf8.RuneCountInString(v) <= 30
		}))
	case engine.RoleDate:
		order := orderOf(c.values)
		return atLeast(0.7, c.share(func(v string) bool { _, ok := parseDate(v, order); return ok }))
	case engine.RoleImage:
		return atLeast(0.5, c.share(isPicture))
	}
	return 0
}

func atLeast(least, share float64) float64 {
	if share < least {
		return 0
	}
	return share
}

func isAddress(v string) bool {
	return strings.HasPrefix(v, "http://") || strings.HasPrefix(v, "https://") || strings.HasPrefix(v, "//")
}

func isPicture(v string) bool {
	if isAddress(v) {
		return true
	}
	lower := strings.ToLower(v)
	for _, ext := range []string{".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".bmp"} {
		if strings.HasSuffix(lower, ext) {
			return true
		}
	}
	return false
}

func hasLetter(v string) bool { return strings.IndexFunc(v, unicode.IsLetter) >= 0 }

// isTitle tells a product's name from a code: a title has letters and either
// several words, or a script that does not part them, or no digits.
func isTitle(v string) bool {
	if isAddress(v) || !hasLetter(v) || utf8.RuneCountInString(v) > 1000 {
		return false
	}
	return strings.ContainsAny(v, " \u00a0") || !strings.ContainsAny(v, "0123456789") ||
		strings.IndexFunc(v, func(r rune) bool { return unicode.Is(unicode.Han, r) || unicode.Is(unicode.Thai, r) }) >= 0
}

// guessRoles gives every column a role by its name and its values. Where
// several columns could play a role that only one can, the better name wins,
// except that values which suit the role badly count against it.
func guessRoles(cols []column) []engine.Field {
	fields := make([]engine.Field, len(cols))
	for i, c := range cols {
		fields[i] = engine.Field{Name: c.name, Role: engine.RoleAttribute}
		if c.share(isAddress) >= 0.9 {
			fields[i].Role = engine.RoleIgnore // an address says nothing that a shopper types
		}
	}
	free := func(i int) bool {
		return fields[i].Role == engine.RoleAttribute || fields[i].Role == engine.RoleIgnore
	}
	for _, role := range engine.Roles {
		best, bestScore := -1, 0.0
		for i := range cols {
			rank := nameRank(cols[i].name, role)
			if rank < 0 || !free(i) {
				continue
			}
			fit := cols[i].fits(role)
			if role == engine.RoleDescription && fit >= 0.5 {
				fields[i].Role = role
				continue
			}
			// A name further down the list costs little, a bad fit costs much.
			if score := fit * (1 - 0.5*float64(rank)/float64(len(roleNames[role]))); score > bestScore {
				best, bestScore = i, score
			}
		}
		if best >= 0 && single(role) {
			fields[best].Role = role
		}
	}
	if !slices.ContainsFunc(fields, func(f engine.Field) bool { return f.Role == engine.RoleTitle }) {
		if i := likeliestTitle(cols, fields); i >= 0 {
			fields[i].Role = engine.RoleTitle
		}
	}
	return fields
}

// likeliestTitle looks for the column that reads like titles when none is named
// like one: texts of some words that differ from row to row.
func likeliestTitle(cols []column, fields []engine.Field) int {
	best, bestScore := -1, 0.3
	for i := range cols {
		if fields[i].Role != engine.RoleAttribute {
			continue
		}
		c := &cols[i]
		short := c.share(func(v string) bool {
			n := utf8.RuneCountInString(v)
			return isTitle(v) && n >= 3 && n <= 250
		})
		if score := short * c.distinct() * c.coverage(); score > bestScore {
			best, bestScore = i, score
		}
	}
	return best
}
