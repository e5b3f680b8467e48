#include "model/formats/keras_h5_file.h"

namespace layerscope::formats {

Result<void> writeKerasH5(
    const Network&, const std::filesystem::path&, const WriteOptions&, const JobContext&)
{
    return Error(ErrorKind::Unsupported, "saving is not built yet");
}

} // namespace layerscope::formats
