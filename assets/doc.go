// Package assets holds what is embedded in the program: the encoders, the sample
// shops, the font, the icons. It hands out bytes and folders, and knows nothing
// of what is made of them.
package assets
