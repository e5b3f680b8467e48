#include "model/crossing/crossing.h"

namespace layerscope::crossing {

Result<Crossed> cross(const Network& network, std::string_view /*format*/)
{
    return Crossed{ network, {}, {} };
}

} // namespace layerscope::crossing
