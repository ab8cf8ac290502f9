package dynamo

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/plumbline/plumbline/internal/contract"
)

// query reads at most limit items of an index, 0 meaning all.
func (t table) query(ctx context.Context, in *dynamodb.QueryInput, limit int) ([]item, error) {
	in.TableName = t.name
	in.ReturnConsumedCapacity = t.meter.wanted()
	if limit > 0 {
		in.Limit = aws.Int32(int32(min(limit, 1000)))
	}
	var all []item
	pages := dynamodb.NewQueryPaginator(t.client, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, classify(err)
		}
		t.meter.read(page.ConsumedCapacity)
		all = append(all, page.Items...)
		if limit > 0 && len(all) >= limit {
			return all[:limit], nil
		}
	}
	return all, nil
}

func keyOf(it item) string { return (&reader{}).text(it, contract.PK) }
