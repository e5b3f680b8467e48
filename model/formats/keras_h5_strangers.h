#pragma once

#include "model/formats/keras_h5_file.h"

namespace layerscope::formats {

/// Notes what the file holds beside what Keras writes: attributes, groups and datasets that nothing
/// lists, and links that are not followed. All of it is kept when the file is saved again.
void noteStrangers(
    const containers::Hdf5Group& root, const H5Carried& carried, std::vector<Problem>& problems);

} // namespace layerscope::formats
