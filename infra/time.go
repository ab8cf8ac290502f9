package main

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
)

// duration is a time of whole seconds.
func duration(d time.Duration) awscdk.Duration {
	return awscdk.Duration_Seconds(count(int(d / time.Second)))
}

// whole is a time of whole days.
func whole(d time.Duration) awscdk.Duration {
	return awscdk.Duration_Days(count(int(d / day)))
}

const day = 24 * time.Hour
