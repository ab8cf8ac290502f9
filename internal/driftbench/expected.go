package driftbench

import (
	"github.com/plumbline/plumbline/internal/driftbench/company"
	"github.com/plumbline/plumbline/internal/finding"
)

// expectation says what is expected of Plumbline for one kind of fault.
type expectation struct {
	fault company.Fault
	// detected faults have to be found, each of them. The others are planted all
	// the same: nothing that finds them is built yet.
	detected bool
	// by are classes of findings that are about a whole system, place or job, and
	// not about one of the records of the fault.
	by []finding.Class
	// slow faults are nothing but the sum of what is harmless: they are meant to be
	// told before the limit of a threshold monitor is passed.
	slow bool
	// named faults count as found when the message names what their records share,
	// which the other ways do not do of any.
	named bool
	// unowned faults count as found when somebody is called in the owner's place.
	unowned bool
	// settles is after how many settle times a fault is meant to be told, 0 for 1.
	settles int
}

// expectations has one line for each kind of fault, in the order of the table.
var expectations = []expectation{
	{fault: company.LostUpdate, detected: true},
	{fault: company.WrongValue, detected: true},
	{fault: company.StoppedJob, detected: true},
	{fault: company.MovingOffset, detected: true},
	{fault: company.UnitChanged, detected: true},
	{fault: company.SKUTwice, detected: true},
	{fault: company.SlowLeak, detected: true, by: []finding.Class{finding.SlowDivergence}, slow: true},
	{fault: company.LateOrder, detected: true},
	{fault: company.MissingOrder, detected: true},
	{fault: company.BrokenKit, detected: true},
	{fault: company.DeletedOrder, detected: true},
	{fault: company.DuplicateOrder, detected: true},
	{fault: company.TotalDiffers, detected: true},
	{fault: company.OneSidedCent, detected: true, by: []finding.Class{finding.OneSided}, slow: true},
	{fault: company.StateOverwritten, detected: true},
	{fault: company.StateBackwards, detected: true},
	{fault: company.LateShipment, detected: true},
	{fault: company.ShipmentNotTold, detected: true},
	{fault: company.LineCancelled, detected: true},
	{fault: company.ReturnNotRefunded, detected: true},
	{fault: company.WrongRoute, detected: true},
	{fault: company.PriceJob, detected: true},
	{fault: company.WrongPrice, detected: true},
	{fault: company.MissingTax, detected: true},
	{fault: company.DoubleTax, detected: true},
	{fault: company.MissingRefund, detected: true},
	{fault: company.RefundAmount, detected: true},
	{fault: company.MissingPayment, detected: true},
	{fault: company.PayoutDiffers, detected: true},
	{fault: company.MissingContact, detected: true},
	{fault: company.CustomerTwice, detected: true},
	{fault: company.CustomerSplit, detected: true},
	{fault: company.ConsentOverwritten, detected: true},
	{fault: company.NewLocation, detected: true},
	{fault: company.Unreadable, detected: true},
	{fault: company.Reshaped, detected: true},
	{fault: company.Outdated, detected: true},
	{fault: company.Unsubscribe, detected: true},
	{fault: company.Refused, detected: true},
	{fault: company.LostWebhook, detected: true},
	{fault: company.UnknownPart, detected: true},
	{fault: company.NewItem, detected: true},
	{fault: company.StrayPayment, detected: true, by: []finding.Class{finding.TotalDiffers}},
	{fault: company.WrongPlace, detected: true},
	{fault: company.SilentSystem, detected: true, by: []finding.Class{finding.Silent}},
	{fault: company.SlowPrices, detected: true},
	{fault: company.NeverEqual, detected: true, settles: 12},
	{fault: company.VendorPacks, detected: true, named: true},
	{fault: company.OwnerLeft, detected: true, unowned: true},
	{fault: company.StoodStill, detected: true},
	{fault: company.NoAudit, detected: true},
	{fault: company.NoCanary, detected: true},
}

func expectationOf(f company.Fault) expectation {
	for _, e := range expectations {
		if e.fault == f {
			return e
		}
	}
	return expectation{fault: f}
}
