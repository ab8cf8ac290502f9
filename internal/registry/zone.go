package registry

import "time"

// Zone is the zone of times that people read: that of the systems where they share
// one, else UTC. It is never nil.
func (r *Registry) Zone() *time.Location {
	var zone *time.Location
	for _, s := range r.Systems {
		if zone != nil && s.Timezone != nil && zone.String() != s.Timezone.String() {
			return time.UTC
		}
		if s.Timezone != nil {
			zone = s.Timezone
		}
	}
	if zone == nil {
		return time.UTC
	}
	return zone
}
