#include "views/network_picture.h"

#include "model/analysis/history.h"
#include "model/analysis/inspection.h"
#include "views/histogram_sheet.h"
#include "views/loss_sheet.h"
#include "views/picture_writer.h"

#include <QCoreApplication>
#include <QFontDatabase>
#include <QFontMetrics>
#include <QGuiApplication>
#include <QPainter>

namespace layerscope::views {
namespace {

struct PictureText
{
    Q_DECLARE_TR_FUNCTIONS(NetworkPicture)
};

QString titleOf(const Network& network)
{
    const QString name = QString::fromStdString(network.model.name);
    const QString file = QString::fromStdString(network.file.path.filename().string());
    return name.isEmpty() ? file : file.isEmpty() ? name : name + QStringLiteral(" – ") + file;
}

/// Paper and screen have inks of their own: pictures are drawn in the light colours.
template<class Sheet> Result<QByteArray> written(const Sheet& sheet, ExportFormat format)
{
    const QByteArray bytes = format == ExportFormat::Csv
        ? sheet.csv()
        : writePicture(format, sheet.size(), sheet.title,
            [&](QPainter& painter) { sheet.paint(painter, VisualLanguage::light()); });
    if (bytes.isEmpty())
        return Error(ErrorKind::OutOfMemory, "the picture is too large to be drawn");
    return bytes;
}

Result<QByteArray> drawHistograms(
    const Network& network, ExportFormat format, const JobContext& job)
{
    HistogramSheet sheet;
    sheet.title = titleOf(network);
    const auto items = weightItems(network, {}, {});
    for (const WeightItem& item : items) {
        job.report(sheet.entries.size(), items.size(), item.layerText().toStdString());
        const Weight& weight = network.weights[item.source.index];
        if (item.dtype == DType::String) // vocabularies have no histogram
            continue;
        auto tensor = weight.value.load();
        if (!tensor)
            return std::move(tensor).error().in(weight.path);
        const analysis::StatisticsOptions options{ .bins = analysis::automaticBinCount,
            .threads = 0 };
        auto statistics
            = analysis::computeStatistics(*tensor, options, JobContext(job.stopToken(), {}));
        if (!statistics && statistics.error().kind() == ErrorKind::Unsupported)
            continue;
        if (!statistics)
            return std::move(statistics).error().in(weight.path);
        sheet.entries.append(
            { item, std::make_shared<analysis::Statistics>(*std::move(statistics)) });
    }
    if (sheet.entries.isEmpty())
        return Error(ErrorKind::InvalidArgument,
            "there are no weights in this file, so there are no histograms to draw");
    return written(sheet, format);
}

Result<QByteArray> drawLoss(const Network& network, ExportFormat format)
{
    const LossSheet sheet{ .title = titleOf(network),
        .history = analysis::historyOf(network.history),
        .isLogarithmic = false };
    if (sheet.isEmpty())
        return Error(ErrorKind::InvalidArgument,
            "this file holds no loss history; Keras does not store one, Layerscope does when it "
            "saves a model that it trained");
    return written(sheet, format);
}

/// The words of `inspect`, in type of one width.
struct SummarySheet
{
    QString title;
    QString text;

    static QFont font()
    {
        QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
        font.setPixelSize(13);
        return font;
    }

    /// Sizes are those of the screen's resolution on every device: 96 dots an inch.
    QSize size() const
    {
        return QFontMetrics(font()).size(0, text) + QSize(2 * margin, 2 * margin);
    }

    void paint(QPainter& painter, const VisualLanguage& language) const
    {
        painter.fillRect(QRect(QPoint(), size()), language.background);
        painter.setFont(font());
        painter.setPen(language.text);
        const int line = QFontMetrics(font()).lineSpacing();
        int baseline = margin + QFontMetrics(font()).ascent();
        for (const QString& one : text.split(u'\n')) {
            painter.drawText(margin, baseline, one);
            baseline += line;
        }
    }

    QByteArray csv() const { return text.toUtf8(); }

    static constexpr int margin = 24;
};

Result<QByteArray> drawSummary(const Network& network, ExportFormat format)
{
    const std::string text = analysis::summaryText(network);
    return written(
        SummarySheet{ titleOf(network), QString::fromStdString(text).trimmed() }, format);
}

} // namespace

Result<QByteArray> drawNetwork(
    const Network& network, PictureSubject subject, ExportFormat format, const JobContext& job)
{
    switch (subject) {
    case PictureSubject::Histograms:
        return drawHistograms(network, format, job);
    case PictureSubject::Loss:
        return drawLoss(network, format);
    case PictureSubject::Summary:
        break;
    }
    return drawSummary(network, format);
}

} // namespace layerscope::views
