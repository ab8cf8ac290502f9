package slack

import "context"

// Check asks Slack whether it takes the token. It shows nobody anything.
func (s *Sender) Check(ctx context.Context) error {
	if _, err := s.client.AuthTestContext(ctx); err != nil {
		return s.failed("ask whom the token belongs to", err)
	}
	return nil
}
