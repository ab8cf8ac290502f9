// Package all lists the platforms that Plumbline knows. It is the one place
// that a new platform is added to, and the only package that knows them all.
package all

import (
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/adobecommerce"
	"github.com/plumbline/plumbline/internal/platform/amazon"
	"github.com/plumbline/plumbline/internal/platform/avalara"
	"github.com/plumbline/plumbline/internal/platform/bigcommerce"
	"github.com/plumbline/plumbline/internal/platform/businesscentral"
	"github.com/plumbline/plumbline/internal/platform/commercetools"
	"github.com/plumbline/plumbline/internal/platform/easypost"
	"github.com/plumbline/plumbline/internal/platform/erpnext"
	"github.com/plumbline/plumbline/internal/platform/hubspot"
	"github.com/plumbline/plumbline/internal/platform/klaviyo"
	"github.com/plumbline/plumbline/internal/platform/netsuite"
	"github.com/plumbline/plumbline/internal/platform/odoo"
	"github.com/plumbline/plumbline/internal/platform/salesforce"
	"github.com/plumbline/plumbline/internal/platform/shipbob"
	"github.com/plumbline/plumbline/internal/platform/shiphero"
	"github.com/plumbline/plumbline/internal/platform/shippo"
	"github.com/plumbline/plumbline/internal/platform/shipstation"
	"github.com/plumbline/plumbline/internal/platform/shopify"
	"github.com/plumbline/plumbline/internal/platform/square"
	"github.com/plumbline/plumbline/internal/platform/standard"
	"github.com/plumbline/plumbline/internal/platform/stripe"
	"github.com/plumbline/plumbline/internal/platform/taxjar"
	"github.com/plumbline/plumbline/internal/platform/woocommerce"
)

// Platforms lists every platform in the order of its name. The result is the
// caller's to keep.
func Platforms() []platform.Platform {
	return []platform.Platform{
		adobecommerce.Platform(),
		amazon.Platform(),
		avalara.Platform(),
		bigcommerce.Platform(),
		businesscentral.Platform(),
		commercetools.Platform(),
		easypost.Platform(),
		erpnext.Platform(),
		hubspot.Platform(),
		klaviyo.Platform(),
		netsuite.Platform(),
		odoo.Platform(),
		salesforce.Platform(),
		shipbob.Platform(),
		shiphero.Platform(),
		shippo.Platform(),
		shipstation.Platform(),
		shopify.Platform(),
		square.Platform(),
		standard.Platform(),
		stripe.Platform(),
		taxjar.Platform(),
		woocommerce.Platform(),
	}
}
