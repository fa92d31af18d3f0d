// Package browser tests the status page in a real browser, Chromium. It is a
// module of its own, so that neither users nor the other tests depend on its
// requirements.
//
// The script install.sh fetches axe-core, which checks accessibility. Debian's
// packages chromium, fonts-noto-core and fonts-noto-cjk are the rest. The tests
// fail without them. They write pictures into the folder that the environment
// variable SLIGO_SCREENSHOTS names:
//
//	SLIGO_SCREENSHOTS=/tmp/screenshots go test .
package browser
