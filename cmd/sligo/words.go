package main

import "fmt"

// plural returns "1 bad event" or "16 bad events".
func plural[N int | uint64](n N, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// ofFiles returns "1 of 3 files", or "1 file" if there is one.
func ofFiles(n, files int) string {
	if files == 1 {
		return "1 file"
	}
	return fmt.Sprintf("%d of %d files", n, files)
}

// list returns "text, json or github".
func list[T ~string](all []T) string {
	text := string(all[0])
	for i, other := range all[1:] {
		separator := ", "
		if i == len(all)-2 {
			separator = " or "
		}
		text += separator + string(other)
	}
	return text
}
