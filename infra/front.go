package main

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2integrations"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/plumbline/plumbline/internal/contract"
)

// What the front lets through: far above any peak of the platforms, because
// they take a 429 for a failure and drop a receiver that fails often.
const (
	frontRate  = 500 // requests a second
	frontBurst = 1000
)

// accessLogFormat tells of each request what is needed to find it: no query, no
// header, no body, no address.
const accessLogFormat = `{"time":"$context.requestTime","request":"$context.requestId","route":"$context.routeKey","path":"$context.path",` +
	`"status":"$context.status","bytes":"$context.responseLength","ms":"$context.responseLatency","error":"$context.error.message",` +
	`"function_status":"$context.integrationStatus","function_ms":"$context.integrationLatency","function_error":"$context.integrationErrorMessage"}`

// front is the HTTP front.
type front struct {
	api awsapigatewayv2.HttpApi
	// domain is the front's own name, or nil.
	domain awsapigatewayv2.DomainName
	// address is "https://…" without a slash at the end.
	address string
}

// newFront makes the front: exactly the contract's routes. Nobody is asked who
// they are here, because the proof is a signature over the raw body, which the
// function verifies.
func (s *stack) newFront() front {
	scope := s.part("Front")
	api := awsapigatewayv2.NewHttpApi(scope, text("api"), &awsapigatewayv2.HttpApiProps{
		ApiName:            text(s.name("front")),
		Description:        text("Webhooks and buttons of Plumbline, stage " + s.stage),
		CreateDefaultStage: no,
	})
	s.newRoutes(api)
	stage := awsapigatewayv2.NewHttpStage(scope, text("stage"), &awsapigatewayv2.HttpStageProps{
		HttpApi:    api,
		AutoDeploy: yes,
		Throttle:   &awsapigatewayv2.ThrottleSettings{RateLimit: count(frontRate), BurstLimit: count(frontBurst)},
	})
	s.logAccess(scope, stage)
	if s.domain == "" {
		return front{api: api, address: *api.ApiEndpoint()}
	}
	return front{api: api, domain: s.newDomain(scope, api, stage), address: "https://" + s.domain}
}

func (s *stack) newRoutes(api awsapigatewayv2.HttpApi) {
	for _, r := range contract.Routes() {
		api.AddRoutes(&awsapigatewayv2.AddRoutesOptions{
			Path:    text(r.Path),
			Methods: &[]awsapigatewayv2.HttpMethod{awsapigatewayv2.HttpMethod(r.Method)},
			Integration: awsapigatewayv2integrations.NewHttpLambdaIntegration(text(r.Function), s.functions[r.Function],
				&awsapigatewayv2integrations.HttpLambdaIntegrationProps{
					PayloadFormatVersion: awsapigatewayv2.PayloadFormatVersion_VERSION_2_0(),
					Timeout:              duration(min(contract.FrontTimeout, longestIntegration)),
				}),
		})
	}
}

// longestIntegration is the longest that an HTTP API waits.
const longestIntegration = 29 * time.Second

// logAccess keeps the access log for a month. The group's name tells the
// service that it may write there without a policy for each group.
func (s *stack) logAccess(scope constructs.Construct, stage awsapigatewayv2.HttpStage) {
	log := awslogs.NewLogGroup(scope, text("log"), &awslogs.LogGroupProps{
		LogGroupName:  text("/aws/vendedlogs" + s.path("front")),
		Retention:     awslogs.RetentionDays_ONE_MONTH,
		RemovalPolicy: awscdk.RemovalPolicy_RETAIN,
	})
	arn := s.cdk.FormatArn(&awscdk.ArnComponents{
		Service: text("logs"), Resource: text("log-group"), ResourceName: log.LogGroupName(), ArnFormat: awscdk.ArnFormat_COLON_RESOURCE_NAME,
	})
	stage.Node().DefaultChild().(awsapigatewayv2.CfnStage).SetAccessLogSettings(&awsapigatewayv2.CfnStage_AccessLogSettingsProperty{
		DestinationArn: arn, Format: text(accessLogFormat),
	})
}

// newDomain gives the front its own name. The service's own address goes on
// working, because platforms may know it already.
func (s *stack) newDomain(scope constructs.Construct, api awsapigatewayv2.HttpApi, stage awsapigatewayv2.HttpStage) awsapigatewayv2.DomainName {
	certificate := awscertificatemanager.Certificate_FromCertificateArn(scope, text("certificate"), text(s.certificate))
	domain := awsapigatewayv2.NewDomainName(scope, text("domain"), &awsapigatewayv2.DomainNameProps{
		DomainName:     text(s.domain),
		Certificate:    certificate,
		SecurityPolicy: awsapigatewayv2.SecurityPolicy_TLS_1_2,
	})
	awsapigatewayv2.NewApiMapping(scope, text("mapping"), &awsapigatewayv2.ApiMappingProps{Api: api, DomainName: domain, Stage: stage})
	return domain
}
