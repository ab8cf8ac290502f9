package alert

import "reflect"

// PublishedType is what Payload writes.
var PublishedType = reflect.TypeFor[published]()
