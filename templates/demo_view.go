package templates

// DemoPath is where the demo shows the board beside its simulated Chatwoot.
const DemoPath = "/demo"

// DemoView is the demo's page: the addresses of the board and of the simulated Chatwoot's screen.
type DemoView struct {
	Frame           Frame
	Board, Chatwoot string
}
