package plan

// StudentQuantile is for tests.
var StudentQuantile = studentQuantile
