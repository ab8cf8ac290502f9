package contract

// EnvironmentParameter names the parameter in which a deployment tells the
// command line where it is: a JSON object of the functions' variables, and
// FrontVariable. It holds references of secrets, never a secret.
func EnvironmentParameter(stage string) string { return "/plumbline/" + stage + "/environment" }

// Generation is the last part of GenerationParameter, by which a grant names it.
const Generation = "generation"

// GenerationParameter names the parameter with the registry generation that is
// in force. A deployment changes it before it changes the functions.
func GenerationParameter(stage string) string { return "/plumbline/" + stage + "/" + Generation }
