#!/usr/bin/env python3
"""Makes the two files of the "Touchstone Sans" family in this folder.

Latin, Greek and Cyrillic come from Inter, Chinese from Noto Sans CJK SC (the
hanzi of GB 2312, the usual ones of Big5 and CJK punctuation). fontTools merges
TrueType outlines only, so both sources are converted to quadratic curves at 1000 units an em, merged, and
converted back to CFF: the toolkit unpacks every TrueType glyph when it opens a
font, and CFF ones when they are drawn. Inter's tabular digits become the default
ones: numbers in a column stay in line while a slider changes them.

    apt-get install fonts-inter fonts-noto-cjk
    python3 -m venv v && v/bin/pip install fonttools==4.68.0
    v/bin/python assets/fonts/make.py
"""

import argparse
import datetime
import pathlib

from fontTools import merge, subset, ttLib
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.qu2cuPen import Qu2CuPen
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.scaleUpem import scale_upem

FAMILY = "Touchstone Sans"
VERSION = "1.000"
UNITS = 1000
# Farthest that a quadratic curve may lie from the cubic one, in units: Chinese
# outlines are many and shown small; and on the way back.
ERROR = {"latin": 0.6, "han": 1.2, "back": 0.5}
SIMPLIFIED = 2  # of NotoSansCJK-*.ttc: JP, KR, SC, TC, HK

STYLES = {
    "Regular": ("Inter-Regular.otf", "NotoSansCJK-Regular.ttc"),
    "SemiBold": ("Inter-SemiBold.otf", "NotoSansCJK-Bold.ttc"),
}


def span(first, last):
    return range(first, last + 1)


def latin():
    """What Inter gives: text in European languages, currencies, arrows, shapes."""
    points = set()
    for first, last in (
        (0x20, 0x7E), (0xA0, 0x17F), (0x18F, 0x18F), (0x1A0, 0x1B0), (0x1E00, 0x1EFF),
        (0x2B9, 0x2DD), (0x300, 0x304), (0x370, 0x3FF), (0x400, 0x45F), (0x490, 0x4FF),
        (0x2010, 0x2027), (0x202F, 0x203A), (0x2044, 0x2044), (0x2070, 0x209C), (0x20A0, 0x20BF),
        (0x2100, 0x214F), (0x2150, 0x215F), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2318, 0x2318),
        (0x2303, 0x2305), (0x2325, 0x232B), (0x23CE, 0x23CE), (0x238B, 0x238B), (0x25A0, 0x25FF),
        (0x2605, 0x2606), (0x2713, 0x2717), (0x276E, 0x276F),
    ):
        points.update(span(first, last))
    return points


def han():
    """The hanzi of GB 2312 (rows 16 to 87), the usual traditional ones (Big5, level 1) and CJK and full-width punctuation."""
    points = set(span(0x3000, 0x303F)) | set(span(0xFF01, 0xFF65)) | set(span(0xFFE0, 0xFFE6))
    points |= set(span(0x2460, 0x2473)) | {0x2103, 0x2116, 0x2030, 0x30FB}
    for codec, rows in (("gb2312", span(0xB0, 0xF7)), ("big5", span(0xA4, 0xC6))):
        for row in rows:
            for cell in span(0x40, 0xFE):
                try:
                    text = bytes([row, cell]).decode(codec)
                except UnicodeDecodeError:
                    continue  # cells that the standard leaves empty
                if len(text) == 1 and 0x4E00 <= ord(text) <= 0x9FFF:
                    points.add(ord(text))
    return points


def cut(font, points, features):
    """Keeps the glyphs of points and the named layout features."""
    options = subset.Options()
    options.layout_features = features
    options.hinting = False
    options.name_IDs = []
    options.notdef_outline = True
    options.glyph_names = False
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx", "DSIG", "STAT", "meta"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=points)
    cutter.subset(font)


def tabular(font):
    """Makes the fixed-width digits and signs of the feature tnum the default."""
    swaps = {}
    gsub = font["GSUB"].table
    for record in gsub.FeatureList.FeatureRecord:
        if record.FeatureTag != "tnum":
            continue
        for index in record.Feature.LookupListIndex:
            for table in gsub.LookupList.Lookup[index].SubTable:
                swaps.update(getattr(table, "ExtSubTable", table).mapping)
    for table in font["cmap"].tables:
        for point in span(ord("0"), ord("9")):
            name = table.cmap.get(point)
            if name in swaps:
                table.cmap[point] = swaps[name]


def quadratic(font, error):
    """Turns CFF outlines into TrueType ones."""
    glyphs, order = font.getGlyphSet(), font.getGlyphOrder()
    made = {}
    for name in order:
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, error, reverse_direction=True))
        made[name] = pen.glyph()
    font["loca"] = ttLib.newTable("loca")
    font["glyf"] = glyf = ttLib.newTable("glyf")
    glyf.glyphOrder, glyf.glyphs = order, made
    for name, glyph in made.items():
        glyph.recalcBounds(glyf)
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(glyph, "xMin", 0))
    del font["CFF "]
    maxp = font["maxp"] = ttLib.newTable("maxp")
    maxp.tableVersion = 0x00010000
    for field in ("maxZones", "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
                  "maxStackElements", "maxSizeOfInstructions", "maxComponentElements", "maxPoints",
                  "maxContours", "maxCompositePoints", "maxCompositeContours", "maxComponentDepth"):
        setattr(maxp, field, 0)
    maxp.maxZones = 1
    maxp.numGlyphs = len(order)
    font["head"].glyphDataFormat = 0
    font.sfntVersion = "\x00\x01\x00\x00"


def cubic(font, error):
    """Turns TrueType outlines into CFF ones."""
    glyphs, order = font.getGlyphSet(), font.getGlyphOrder()
    made = {}
    for name in order:
        pen = T2CharStringPen(font["hmtx"][name][0], glyphs)
        glyphs[name].draw(Qu2CuPen(pen, error, all_cubic=True, reverse_direction=True))
        made[name] = pen.getCharString()
    for table in ("glyf", "loca"):
        del font[table]
    maxp = font["maxp"] = ttLib.newTable("maxp")
    maxp.tableVersion, maxp.numGlyphs = 0x00005000, len(order)
    font.sfntVersion = "OTTO"
    names = font["name"]
    FontBuilder(font=font).setupCFF(names.getDebugName(6), {"FullName": names.getDebugName(4), "FamilyName": FAMILY}, made, {})


def name(font, style):
    table = font["name"] = ttLib.newTable("name")
    table.names = []
    full = f"{FAMILY} {style}"
    for key, value in {
        0: "Copyright 2016 The Inter Project Authors (github.com/rsms/inter). "
           "Copyright 2014-2021 Adobe (www.adobe.com), Noto Sans CJK.",
        1: FAMILY if style == "Regular" else full, 2: "Regular",
        3: f"{VERSION};{full}", 4: full, 5: f"Version {VERSION}",
        6: full.replace(" ", "") if style == "Regular" else f"TouchstoneSans-{style}",
        13: "SIL Open Font License, Version 1.1", 14: "https://openfontlicense.org",
    }.items():
        table.setName(value, key, 3, 1, 0x409)


def build(style, inter, noto, folder):
    text = ttLib.TTFont(inter)
    tabular(text)
    cut(text, latin(), ["kern", "mark"])
    scale_upem(text, UNITS)
    chinese = ttLib.TTFont(noto, fontNumber=SIMPLIFIED)
    cut(chinese, han() - set(text.getBestCmap()), [])
    parts = []
    for part, font in (("latin", text), ("han", chinese)):
        quadratic(font, ERROR[part])
        for tag in ("GDEF", "GSUB") if part == "latin" else ("GDEF", "GSUB", "GPOS"):
            if tag in font:
                del font[tag]
        path = folder / f".{part}.ttf"
        font.save(path)
        parts.append(path)
    merged = merge.Merger().merge([str(p) for p in parts])
    source = ttLib.TTFont(parts[0])
    for table, fields in (("hhea", ("ascent", "descent", "lineGap")),
                          ("OS/2", ("sTypoAscender", "sTypoDescender", "sTypoLineGap", "usWinAscent", "usWinDescent",
                                    "usWeightClass", "sxHeight", "sCapHeight"))):
        for field in fields:
            setattr(merged[table], field, getattr(source[table], field))
    name(merged, style)
    cubic(merged, ERROR["back"])
    merged["post"].formatType = 3.0
    # The same input makes the same bytes.
    epoch = datetime.datetime(1904, 1, 1)
    merged["head"].created = merged["head"].modified = int((datetime.datetime(2025, 1, 1) - epoch).total_seconds())
    merged.recalcTimestamp = False
    out = folder / f"TouchstoneSans-{style}.otf"
    merged.save(out)
    for path in parts:
        path.unlink()
    print(f"{out.name}: {out.stat().st_size / 1e6:.2f} MB, {len(merged.getBestCmap())} characters")


def main():
    here = pathlib.Path(__file__).parent
    flags = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    flags.add_argument("--inter", default="/usr/share/fonts/opentype/inter", help="folder of Inter's OTF files")
    flags.add_argument("--noto", default="/usr/share/fonts/opentype/noto", help="folder of Noto Sans CJK's TTC files")
    given = flags.parse_args()
    for style, (inter, noto) in STYLES.items():
        build(style, pathlib.Path(given.inter) / inter, pathlib.Path(given.noto) / noto, here)


if __name__ == "__main__":
    main()
