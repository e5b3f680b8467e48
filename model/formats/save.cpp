#include "model/formats/format.h"

namespace layerscope::formats {

Result<SaveReport> saveNetwork(
    const Network&, const std::filesystem::path&, const WriteOptions&, const JobContext&)
{
    return Error(ErrorKind::Unsupported, "saving is not built yet");
}

} // namespace layerscope::formats
