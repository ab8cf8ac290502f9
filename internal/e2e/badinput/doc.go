// Package badinput proves what becomes of 112 kinds of bad input, each on every
// way into Plumbline: through the front, as the event of a gateway, as a message
// of the queue, among good messages at three places of a batch, delivered again,
// and brought back from quarantine and the dead letters.
//
// The kinds are data, in events/bad/cases.json: how each input is made, its
// status, its effect, and what it may cost in time and memory. docs/bad-inputs.md
// shows them. Everything runs over stores in memory; what the front answers over
// the emulators is proven by the package above.
//
// It holds tests alone.
package badinput
