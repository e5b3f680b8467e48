#pragma once

#include "model/crossing/dialect.h"

namespace layerscope::crossing {

/// Puts the words of lookup layers that the file keeps apart from the architecture into it: the
/// other file has no place for them, and the layer is made anew with the words it is given. A
/// layer that stays without is named among the remarks.
void tellVocabularies(Network& network, Journey& journey);

} // namespace layerscope::crossing
