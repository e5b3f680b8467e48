#include "views/picture_writer.h"

#include <QBuffer>
#include <QImage>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>

#include <cmath>

namespace layerscope::views {
namespace {

constexpr double pngScale = 2;
constexpr double mostPngPixels = 30e6;
constexpr double dotsPerInch = 96;

QByteArray writePng(const QSize& size, const std::function<void(QPainter&)>& paint)
{
    // A long sheet of a large model gives way in resolution: what is larger, many viewers (Qt's
    // among them) refuse to open.
    const double area = static_cast<double>(size.width()) * size.height();
    const double scale = std::min(pngScale, std::sqrt(mostPngPixels / area));
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
