package chatwoottest

import (
	"strconv"
	"strings"
)

// Releases at which something the simulator shows has changed (CONTRACT 16).
const (
	sinceUpdatedAt     = "4.0.2"
	sinceTeamAccess    = "4.8"
	sinceSearchHasMore = "4.11"
	sinceSignature     = "4.12"
	sinceLabelStrip    = "4.14"
	sinceAccountInHook = "4.14.2"
	sinceBotLabels     = "4.14.2"
	sinceSessionPicker = "4.15"
)

// since says whether the simulated server is that release or newer.
func (s *Server) since(release string) bool {
	return compareVersions(s.opts.Version, release) >= 0
}

func compareVersions(a, b string) int {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(x), len(y)) {
		if d := versionPart(x, i) - versionPart(y, i); d != 0 {
			return d
		}
	}
	return 0
}

func versionPart(parts []string, i int) int {
	if i >= len(parts) {
		return 0
	}
	number, err := strconv.Atoi(parts[i])
	if err != nil {
		return 0
	}
	return number
}
