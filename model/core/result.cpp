#include "model/core/result.h"

namespace layerscope {

Error Error::in(std::string place) &&
{
    m_places.insert(m_places.begin(), std::move(place));
    return std::move(*this);
}

std::string Error::sentence() const
{
    std::string text;
    for (const std::string& place : m_places) {
        text += place;
        text += ": ";
    }
    return text + m_message;
}

} // namespace layerscope
