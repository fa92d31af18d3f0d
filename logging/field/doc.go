// Package field makes the attributes of the log schema. Each function fixes the
// key and the type, so a misspelled key or a number written as text does not
// compile.
//
//	logger.Info("Request processed successfully",
//		field.UserID("12345"), field.ResponseCode(200),
//		field.ExecutionTime(150*time.Millisecond),
//		field.Endpoint("/api/v1/login"), field.Method("POST"))
//
// The handler of package logging writes the fields of the schema at the top
// of the line, and all other attributes into additional_info.
package field
