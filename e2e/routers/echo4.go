package routers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/sligo-go/sligo/middleware"
)

// Echo4 serves by echo 4. The instrument is around echo, which answers the
// error of a handler after echo's middlewares have returned.
func Echo4(in *middleware.Instrument, handle echo.HandlerFunc) http.Handler {
	e := echo.New()
	e.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			middleware.SetRoute(c.Response(), c.Path())
			return next(c)
		}
	})
	e.GET("/users/:id", handle)
	e.GET("/files/*", handle)
	e.Group("/api").GET("/items/:id", handle)
	return in.Handler(e)
}
