#include "views/picture_writer.h"

#include <QBuffer>
#include <QImage>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>

namespace layerscope::views {
namespace {

constexpr double pngScale = 2;
constexpr qint64 mostPngPixels = 200'000'000;
constexpr double dotsPerInch = 96;

QByteArray writePng(const QSize& size, const std::function<void(QPainter&)>& paint)
{
    const double pixels = pngScale * pngScale * size.width() * size.height();
    // A long sheet of a large model gives way in resolution before it fails.
    const double scale = pixels > static_cast<double>(mostPngPixels) ? 1 : pngScale;
    QImage image(size * scale, QImage::Format_ARGB32_Premultiplied);
    if (image.isNull())
        return {};
    image.setDevicePixelRatio(scale);
    image.fill(Qt::white);
    QPainter painter(&image);
    paint(painter);
    painter.end();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

QByteArray writeSvg(
    const QSize& size, const QString& title, const std::function<void(QPainter&)>& paint)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setResolution(static_cast<int>(dotsPerInch));
    generator.setSize(size);
    generator.setViewBox(QRect(QPoint(), size));
    generator.setTitle(title);
    QPainter painter(&generator);
    paint(painter);
    painter.end();
    return bytes;
}

QByteArray writePdf(
    const QSize& size, const QString& title, const std::function<void(QPainter&)>& paint)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setTitle(title);
    writer.setResolution(static_cast<int>(dotsPerInch));
    writer.setPageSize(QPageSize(QSizeF(size) / dotsPerInch, QPageSize::Inch));
    writer.setPageMargins({});
    QPainter painter(&writer);
    paint(painter);
    painter.end();
    return bytes;
}

} // namespace

QByteArray writePicture(ExportFormat format, const QSize& size, const QString& title,
    const std::function<void(QPainter&)>& paint)
{
    if (size.isEmpty())
        return {};
    switch (format) {
    case ExportFormat::Png:
        return writePng(size, paint);
    case ExportFormat::Svg:
        return writeSvg(size, title, paint);
    case ExportFormat::Pdf:
        return writePdf(size, title, paint);
    case ExportFormat::Csv:
        break;
    }
    return {};
}

} // namespace layerscope::views
