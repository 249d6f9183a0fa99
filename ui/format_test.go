package ui

import (
	"testing"
	"time"

	"touchstone/engine"
)

func TestFormats(t *testing.T) {
	product := func(currency string, v float64) *engine.Product {
		return &engine.Product{Brand: "Aurelia", Category: "Earbuds", Currency: currency, Price: engine.Known(v)}
	}
	cases := []struct{ got, want string }{
		{took(300 * time.Microsecond), "< 1 ms"},
		{took(3 * time.Millisecond), "3 ms"},
		{took(1240 * time.Millisecond), "1.2 s"},
		{left(0), ""},
		{left(1500 * time.Millisecond), "2 s left"},
		{left(5 * time.Minute), "5 min left"},
		{left(3 * time.Hour), "3.0 h left"},
		{signed(0.0272, 3), "+0.027"},
		{signed(-0.5, 2), "−0.50"},
		{signed(0.0004, 3), "±0"},
		{number(-0.1, 2), "−0.10"},
		{number(-0.001, 2), "0.00"},
		{about(product("€", 249)), "Aurelia · Earbuds · €249"},
		{about(product("USD", 1249.5)), "Aurelia · Earbuds · 1,249.50 USD"},
		{about(product("", 5)), "Aurelia · Earbuds · 5"},
		{about(&engine.Product{Title: "x"}), ""},
	}
	for _, c := range cases {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
