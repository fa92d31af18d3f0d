package forecast

// StudentQuantile is for tests.
var StudentQuantile = studentQuantile
