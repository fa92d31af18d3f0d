package routers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/sligo-go/sligo/middleware"
)

// Echo4Inside serves by echo 4 with the instrument among its middlewares. The
// last middleware answers errors before the instrument returns.
func Echo4Inside(in *middleware.Instrument, handle echo.HandlerFunc) http.Handler {
	e := echo.New()
	e.Use(echo.WrapMiddleware(in.Handler), func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			middleware.SetRoute(c.Response(), c.Path())
			if err := next(c); err != nil {
				c.Error(err)
			}
			return nil
		}
	})
	e.GET("/users/:id", handle)
	e.GET("/files/*", handle)
	e.Group("/api").GET("/items/:id", handle)
	return e
}
