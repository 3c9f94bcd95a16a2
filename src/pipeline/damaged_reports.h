// Coverage reports that could not be read: what they would have told is not known, which is not the
// same as "not executed". What that is, the report that has the same place in other runs tells.
#pragma once

#include <span>

#include "culprit/spectrum.h"
#include "pipeline/run_reader.h"

namespace culprit {

// Takes what damaged reports would have told from their runs, and says so in their results. A
// report without its like in another run is named as one that may have told of anything. After all
// runs were read; reads some files again, where there is damage.
void lose_damaged_reports(std::span<const PlacedFile> files, std::span<FileResult> results,
                          const RunReader& reader, Spectrum::Builder& builder);

}  // namespace culprit
