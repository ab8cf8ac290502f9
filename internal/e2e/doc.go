// Package e2e proves what no single package can: that the whole of Plumbline,
// with real emulators, real HTTP and the functions that the cloud runs, keeps
// its promises to the people who rely on it.
//
//   - A recorded day raises an alert for every planted fault, at its time and
//     once, and none for anything healthy.
//   - A stack that is killed in the middle of the day, and killed again, ends
//     with the same findings. What people were shown they are not shown again.
//   - Every answer of the front is the one that its sender must get, and what
//     was refused for our own fault is neither lost nor doubled when it is sent
//     again. A signature made by hand is as good as any.
//   - What a broken normaliser could not read comes back when it is repaired,
//     and a message that nobody can read harms no other.
//   - An alert is one Slack message with one thread over its whole life, Slack's
//     buttons included. Package alerts below fails each call on that way.
//   - The commands answer in the shapes that are documented, to a stack that
//     runs in another process.
//
// It holds tests alone.
package e2e
