package main

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
)

// duration is a time of whole seconds.
func duration(d time.Duration) awscdk.Duration {
	return awscdk.Duration_Seconds(count(int(d / time.Second)))
}

func days(n int) awscdk.Duration { return awscdk.Duration_Days(count(n)) }
