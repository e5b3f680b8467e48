#include "views/visual_language.h"

#include <array>

namespace layerscope::views {
namespace {

VisualLanguage lightLanguage()
{
    VisualLanguage language;
    language.background = QColor(0xFFFFFF);
    language.text = QColor(0x1F2328);
    language.quietText = QColor(0x5F6670);
    language.grid = QColor(0xE6E8EB);
    language.accent = QColor(0x2F6FDE);
    language.validation = QColor(0xE8710A);
    language.warning = QColor(0xB25E00);
    language.error = QColor(0xC5221F);
    language.good = QColor(0x188038);
    language.positive = QColor(0x0877BD);
    language.negative = QColor(0xF59322);
    return language;
}

VisualLanguage darkLanguage()
{
    VisualLanguage language;
    language.isDark = true;
    language.background = QColor(0x1E1F22);
    language.text = QColor(0xE6E8EB);
    language.quietText = QColor(0xA4ABB6);
    language.grid = QColor(0x36393F);
    language.accent = QColor(0x7AA7FF);
    language.validation = QColor(0xFF9A4D);
    language.warning = QColor(0xF2B155);
    language.error = QColor(0xFF8A80);
    language.good = QColor(0x6FCF8B);
    language.positive = QColor(0x4FB0EE);
    language.negative = QColor(0xF7A64A);
    return language;
}

} // namespace

VisualLanguage VisualLanguage::of(const QPalette& palette)
{
    const QColor ground = palette.color(QPalette::Active, QPalette::Base);
    VisualLanguage language = ground.lightness() < 128 ? darkLanguage() : lightLanguage();
    language.background = ground;
    language.text = palette.color(QPalette::Active, QPalette::Text);
    return language;
}

VisualLanguage VisualLanguage::light()
{
    return lightLanguage();
}

QColor VisualLanguage::series(int index) const
{
    // TensorBoard's palette, checked for colour blindness; its dark blue gives way to our accent.
    static constexpr std::array<QRgb, 7> colours{ 0x2F6FDE, 0xE8710A, 0x12A4B4, 0xE52592, 0x9334E6,
        0x5E9C2A, 0xC98A00 };
    if (index <= 0)
        return accent;
    if (index == 1)
        return validation;
    const QColor colour(colours[static_cast<std::size_t>(index) % colours.size()]);
    return isDark ? colour.lighter(130) : colour;
}

QColor VisualLanguage::faded(const QColor& colour, double strength) const
{
    const auto mix = [strength](float own, float ground) {
        return static_cast<float>(strength) * own + static_cast<float>(1 - strength) * ground;
    };
    return QColor::fromRgbF(mix(colour.redF(), background.redF()),
        mix(colour.greenF(), background.greenF()), mix(colour.blueF(), background.blueF()));
}

} // namespace layerscope::views
