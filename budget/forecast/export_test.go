package forecast

// StudentQuantile lets tests compare with tables.
var StudentQuantile = studentQuantile
