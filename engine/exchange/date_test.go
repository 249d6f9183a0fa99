package exchange

import (
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseDate(t *testing.T) {
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	tests := []struct {
		text  string
		order dateOrder
		want  time.Time // zero: no date
	}{
		{"2024-03-05", monthFirst, day(2024, 3, 5)},
		{"2024-3-5", monthFirst, day(2024, 3, 5)},
		{"2024-03-05T10:20:30Z", monthFirst, time.Date(2024, 3, 5, 10, 20, 30, 0, time.UTC)},
		{"2024-03-05T10:20:30.5+02:00", monthFirst, time.Date(2024, 3, 5, 8, 20, 30, 5e8, time.UTC)},
		{"2024-03-05 10:20", monthFirst, time.Date(2024, 3, 5, 10, 20, 0, 0, time.UTC)},
		{"05.03.2024", monthFirst, day(2024, 3, 5)},
		{"5.3.2024 10:20", monthFirst, time.Date(2024, 3, 5, 10, 20, 0, 0, time.UTC)},
		{"05-03-2024", monthFirst, day(2024, 3, 5)},
		{"01/02/2006", monthFirst, day(2006, 1, 2)},
		{"01/02/2006", dayFirst, day(2006, 2, 1)},
		{"31/12/2006", dayFirst, day(2006, 12, 31)},
		{"1/2/2006 3:04 PM", monthFirst, time.Date(2006, 1, 2, 15, 4, 0, 0, time.UTC)},
		{"2006/01/02", dayFirst, day(2006, 1, 2)},
		{"2023年8月29日", monthFirst, day(2023, 8, 29)},
		{"2023年8月", monthFirst, day(2023, 8, 1)},
		{"March 5, 2024", monthFirst, day(2024, 3, 5)},
		{"5 Mar 2024", monthFirst, day(2024, 3, 5)},
		{"Tue, 05 Mar 2024 10:00:00 GMT", monthFirst, time.Date(2024, 3, 5, 10, 0, 0, 0, time.UTC)},
		{"2019", monthFirst, day(2019, 1, 1)},
		{"2019-07", monthFirst, day(2019, 7, 1)},
		{"20240305", monthFirst, day(2024, 3, 5)},
		{"1709634000", monthFirst, time.Unix(1709634000, 0).UTC()},
		{"1709634000123", monthFirst, time.UnixMilli(1709634000123).UTC()},
		{"1709634000123456", monthFirst, time.UnixMicro(1709634000123456).UTC()},
		{"45356", monthFirst, day(2024, 3, 5)},
		{"45356.5", monthFirst, time.Date(2024, 3, 5, 12, 0, 0, 0, time.UTC)},
		{"", monthFirst, time.Time{}},
		{"soon", monthFirst, time.Time{}},
		{"31/12/2006", monthFirst, time.Time{}},
		{"12", monthFirst, time.Time{}},
		{"99999999", monthFirst, time.Time{}},
		{"9999", monthFirst, time.Time{}},
		{"-5", monthFirst, time.Time{}},
		{"NaN", monthFirst, time.Time{}},
		{"2024-02-30", monthFirst, time.Time{}},
	}
	for _, test := range tests {
		got, ok := parseDate(test.text, test.order)
		if ok == test.want.IsZero() || ok && !got.Equal(test.want) {
			t.Errorf("parseDate(%q, %v) = %v %v, want %v", test.text, test.order, got, ok, test.want)
		}
	}
}

func TestOrderOfSlashedDates(t *testing.T) {
	tests := []struct {
		values []string
		want   dateOrder
	}{
		{[]string{"01/02/2024", "13/02/2024"}, dayFirst},
		{[]string{"01/02/2024", "01/31/2024"}, monthFirst},
		{[]string{"01/02/2024"}, monthFirst},
		{[]string{"2024/13/02", "2024-01-01"}, monthFirst},
	}
	for _, test := range tests {
		if got := orderOf(test.values); got != test.want {
			t.Errorf("orderOf(%q) = %v, want %v", test.values, got, test.want)
		}
	}
}

// TestDatesInEveryWriting writes a day in every layout that names one, and reads
// it back.
func TestDatesInEveryWriting(t *testing.T) {
	layouts := []string{"2006-01-02", "2006-1-2", "2.1.2006", "02.01.2006", "2006/01/02", "2006.1.2", "2006年1月2日", "January 2, 2006", "Jan 2, 2006", "2 January 2006", "2-1-2006", "20060102", time.RFC1123, time.RFC3339}
	rapid.Check(t, func(t *rapid.T) {
		want := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 90000).Draw(t, "days"))
		layout := rapid.SampledFrom(layouts).Draw(t, "layout")
		if got, ok := parseDate(want.Format(layout), monthFirst); !ok || !got.Equal(want) {
			t.Fatalf("parseDate(%q) = %v %v, want %v", want.Format(layout), got, ok, want)
		}
		serial := int(want.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)) / (24 * time.Hour))
		if serial >= 10000 {
			if got, ok := parseDate(strconv.Itoa(serial), monthFirst); !ok || !got.Equal(want) {
				t.Fatalf("day %d of a spreadsheet = %v %v, want %v", serial, got, ok, want)
			}
		}
	})
}
