package verify_test

import (
	"fmt"
	"strings"
	"testing"
)

// decisions are the choices where the format's texts are silent or contradict
// each other, in their order, with the tests that hold them.
var decisions = []struct{ is, tests string }{
	{"both widths of TrackID are read, 16 bits first", "verify TestEveryFormOfExportInformationIsRead, evidence/bmff TestBothWidthsOfTrackIDAreRead"},
	{"all, or all but the index", "verify TestBytesThatNoSealCoversBreakIt"},
	{"only the signature itself is zeroed", "verify TestSealsAreJudgedOneByOneInTheirOrder"},
	{"a start time is that of the time line's origin", "verify TestReorderedPicturesStartWhereTheEditListPutsThem, verify TestTimesOfFragmentsThatLieAreRemarkedOnly"},
	{"start times in sinf, schi and meta", "verify TestStartTimesCountWhereverTheyStandUnderASeal, verify TestIncompleteSealsAreNoSeals, verify TestDecoyClockDoesNotCount"},
	{"track 0 is all tracks, an unknown track none", "verify TestStartTimesCountWhereverTheyStandUnderASeal"},
	{"protection_count is remarked", "verify TestCountFieldOfTheSealsIsRemarkedOnly"},
	{"ipro anywhere in meta, nothing but seals in it", "verify TestSizesAndPlacesOfMetaDoNotMatterToTheSeal, verify TestIncompleteSealsAreNoSeals"},
	{"a later seal that fails breaks the file", "verify TestIncompleteSealsAreNoSeals"},
	{"what must be single and stands twice forbids a verdict", "verify TestAmbiguityUnderASealIsNotJudged"},
	{"meta without version and flags forbids a verdict", "verify TestAmbiguityUnderASealIsNotJudged"},
	{"size 0 for the last box, 64 bits everywhere", "verify TestSizesAndPlacesOfMetaDoNotMatterToTheSeal, verify TestSizesThatLieAreRefusedWithoutHarm"},
	{"another salt is remarked", "verify TestSaltOfAnotherLengthThanTheFormatAsksIsIntactWithARemark"},
	{"the default may be stated, PKCS#1 has no parameters", "verify TestDefaultAlgorithmIsReadInBothItsForms, verify TestAlgorithmsThatDoNotCountAreNamed"},
	{"another scheme is no seal of this format", "verify TestIncompleteSealsAreNoSeals"},
	{"without export information the seal is judged", "verify TestAmbiguityUnderASealIsNotJudged"},
	{"an absolute start time is in cstb or sumi", "verify TestStartTimesCountWhereverTheyStandUnderASeal"},
	{"the location counts by being there", "evidence TestLocationIsTakenFromTheMovieFirst"},
	{"0E and 0M are one level, which is no matter of the seal", ""},
	{"an export time that cannot be is remarked", "verify TestExportTimeThatCannotBeLeavesTheDatesJudgedAsOfNow"},
	{"the export time is never converted from another clock", "verify TestExportTimeThatCannotBeLeavesTheDatesJudgedAsOfNow"},
	{"media elsewhere is never followed", "verify TestAmbiguityUnderASealIsNotJudged"},
	{"locations that differ are remarked", "evidence TestLocationIsTakenFromTheMovieFirst"},
	{"without start time there is no absolute time", "verify TestStartTimesCountWhereverTheyStandUnderASeal"},
	{"several metadata tracks", "evidence TestEveryMetadataTrackKeepsItsSamples"},
	{"no box dates a later seal", "verify TestLaterSealHasNoTimeOfItsOwn"},
}

func TestEveryDecisionHasItsTest(t *testing.T) {
	if len(decisions) != 26 {
		t.Errorf("%d decisions", len(decisions))
	}
	for i, d := range decisions {
		t.Run(fmt.Sprintf("%02d %s", i+1, d.is), func(t *testing.T) {
			for _, name := range strings.Split(d.tests, ", ") {
				if name == "" {
					t.Skip("told by the list of clauses, not by the examiner")
				}
				mustExist(t, name)
			}
		})
	}
}
