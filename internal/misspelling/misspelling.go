// Package misspelling tells how far a text is from the one that its author may
// have meant.
package misspelling

// MostEdits returns the largest distance of a misspelling of a text. Two
// letters differ if two neighbors change places.
func MostEdits(text string) int { return max(2, len(text)/8) }

// Distance returns the number of bytes to insert, delete and replace to make b
// of a.
func Distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
